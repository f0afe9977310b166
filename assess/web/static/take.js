// Saves each answer as soon as it is chosen. Without this script Continue does the same.
const form = document.getElementById("answer");
const status = form.querySelector(".saved");
const field = (name) => form.elements.namedItem(name);
const shown = performance.now();
const turns = new Map(); // how often each choice of the page was made
const waiting = new Set();

function say(text, isWaiting) {
  status.textContent = text;
  status.classList.toggle("waiting", isWaiting);
}

// Only the newest choice of a group matters: an older one that is still being retried gives up.
async function save(suffix, turn, body) {
  const isOld = () => turn !== turns.get(suffix);
  for (let wait = 1000; !isOld(); wait = Math.min(wait * 2, 30000)) {
    try {
      const answer = await fetch(form.dataset.save, {
        method: "POST", body, keepalive: true, headers: { Accept: "application/json" },
      });
      if (isOld()) return;
      if (answer.ok) {
        waiting.delete(suffix);
        if (waiting.size) return;
        const now = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
        return say(`${form.dataset.saved} ${now.format(new Date())}`, false);
      }
      // handed in elsewhere, withdrawn or over: the page itself says so
      if (answer.status === 409 || answer.status === 410) return location.reload();
      if (answer.status < 500 && answer.status !== 429) return say(form.dataset.refused, true);
    } catch {
      // no connection: try again
    }
    say(form.dataset.waiting, true);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

form.addEventListener("change", (event) => {
  if (!event.target.name.startsWith("value")) return;
  exclude(event.target);
  document.querySelectorAll(".problems, .skip-it").forEach((element) => element.remove());
  const suffix = event.target.name.slice("value".length);
  const turn = (turns.get(suffix) ?? 0) + 1;
  turns.set(suffix, turn);
  // Continue sends the same key again, so one choice is stored once
  const key = field(`key${suffix}`);
  key.dataset.page ??= key.value;
  key.value = `${key.dataset.page}-${turn}`;
  field(`counter${suffix}`).value = turn;
  field(`milliseconds${suffix}`).value = Math.round(performance.now() - shown);
  waiting.add(suffix);
  const body = new URLSearchParams({ code: field("code").value + suffix });
  for (const name of ["csrf_token", "revision"]) body.set(name, field(name).value);
  for (const name of ["value", "counter", "key", "milliseconds"]) body.set(name, field(name + suffix).value);
  save(suffix, turn, body);
});

// What is most like somebody cannot be least like them, too: the newer choice takes the older one's place.
function exclude(chosen) {
  const other = { "value.best": "value.worst", "value.worst": "value.best" }[chosen.name];
  const same = other && form.querySelector(`[name="${other}"][value="${chosen.value}"]:checked`);
  if (same) same.checked = false;
}

// The clock of a timed part. The server's counts; this one only shows it.
const clock = document.querySelector(".clock");
if (clock) {
  const end = shown + clock.dataset.seconds * 1000;
  const warn = document.getElementById("warning");
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    clock.querySelector("p").textContent = clock.dataset.left.replace("{time}", time);
    if (left === 120) warn.textContent = clock.dataset.soon;
    if (left === 30) warn.textContent = clock.dataset.last;
    if (left === 0) return setTimeout(() => location.reload(), 1000);
    setTimeout(tick, 1000 - ((performance.now() - shown) % 1000));
  };
  tick();
}

document.querySelector(".problems a")?.focus();
