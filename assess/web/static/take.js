// Saves the answer as soon as it is chosen. Without this script Continue does the same.
const form = document.getElementById("answer");
const status = form.querySelector("[role=status]");
const field = (name) => form.elements.namedItem(name);
const page = field("key").value;
const shown = performance.now();
let counter = 0;

function say(text, waiting) {
  status.textContent = text;
  status.classList.toggle("waiting", waiting);
}

// Only the newest choice matters: an older one that is still being retried gives up.
async function save(turn, body) {
  for (let wait = 1000; turn === counter; wait = Math.min(wait * 2, 30000)) {
    try {
      const answer = await fetch(form.dataset.save, {
        method: "POST", body, keepalive: true, headers: { Accept: "application/json" },
      });
      if (turn !== counter) return;
      if (answer.ok) {
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
  if (event.target.name !== "value") return;
  document.querySelectorAll(".problems, .skip-it").forEach((element) => element.remove());
  counter += 1;
  // Continue sends the same key again, so one choice is stored once
  field("counter").value = counter;
  field("key").value = `${page}-${counter}`;
  field("milliseconds").value = Math.round(performance.now() - shown);
  save(counter, new URLSearchParams(new FormData(form)));
});

document.querySelector(".problems a")?.focus();
