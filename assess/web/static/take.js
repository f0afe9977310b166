// Saves each answer when it is chosen. What is not saved yet is kept on this device, as codes and numbers, and sent by
// this page or the next. Without this script Continue saves.
const root = document.documentElement;
const place = document.getElementById("saved"); // says so
const words = place.dataset;
const form = document.getElementById("answer"); // on a question's page
const field = (name) => form.elements.namedItem(name);
const tokens = (page = document) => page.querySelectorAll("[name=csrf_token]");
const radios = (page = document) => [...page.querySelectorAll("#answer [type=radio]")];
const wake = () => sleepers.splice(0).forEach((go) => go());
const shown = performance.now();

let device = {}; // where nothing may be kept, this page alone remembers
try {
  device = localStorage ?? device;
} catch {}

const MINE = `rapport:${words.attempt}:`;
const unsaved = new Map(); // by code, the newest choice that is not acknowledged
const underway = new Set(); // codes: one request of each at a time
const sleepers = []; // wait for the next try
let wanted; // the button to press again when all is saved
let isFailing, hasWarned;
let changes = 0;

function say(text, isWaiting = true) {
  if (place.textContent !== text) place.textContent = text; // nothing is read aloud twice
  place.classList.toggle("waiting", isWaiting);
}

function sayWaiting({ milliseconds } = {}) {
  const fromHere = milliseconds ? words.waiting : words.earlier; // an earlier page's time was not kept
  say(wanted ? words.held : hasWarned ? words.first : fromHere);
}

function forget({ code, key }) {
  if (unsaved.get(code)?.key === key) unsaved.delete(code);
  if (device[MINE + code]?.includes(`"${key}"`)) delete device[MINE + code];
}

function recall() {
  for (const name of Object.keys(device)) {
    if (name.startsWith(MINE)) unsaved.set(name.slice(MINE.length), JSON.parse(device[name]));
    else if (name.startsWith("rapport:")) delete device[name]; // of somebody else
  }
  unsaved.forEach((_, code) => send(code));
}

async function send(code) {
  if (underway.has(code)) return wake();
  underway.add(code);
  for (let wait = 1000; unsaved.has(code); wait = Math.min(wait * 2, 30000)) {
    const choice = unsaved.get(code);
    await arrives(choice);
    if (unsaved.get(code) !== choice) continue;
    await new Promise((go) => sleepers.push(go) && setTimeout(go, wait * (0.5 + Math.random() / 2)));
  }
  underway.delete(code);
}

async function arrives(choice) {
  const late = setTimeout(sayWaiting, 2000, choice);
  const { status, saved, error } = await post(choice);
  clearTimeout(late);
  const isRefused = [409, 410, 422].includes(status); // for good
  const isUnknown = [400, 404].includes(status); // the token or the cookie has gone
  isFailing = !saved && !isRefused && !isUnknown;
  if (saved || isRefused) forget(choice);
  if (saved) return settle(choice);
  if (isRefused) {
    wanted = undefined;
    return say(error);
  }
  sayWaiting(choice);
  if (isUnknown) await refresh();
}

async function post(choice) {
  const body = new URLSearchParams({ ...choice, attempt: words.attempt, csrf_token: tokens()[0].value });
  const signal = AbortSignal.timeout?.(20000);
  const sent = { method: "POST", body, signal, keepalive: true, headers: { Accept: "application/json" } };
  const answer = await fetch(words.save, sent).catch(() => null);
  return { status: answer?.status, ...(await answer?.json().catch(() => null)) };
}

async function settle({ code, milliseconds }) {
  if (unsaved.size) return;
  const isHere = form && code.startsWith(field("code").value);
  const wasWaiting = place.matches(".waiting");
  hasWarned = false;
  if (isHere && (wasWaiting || !milliseconds)) await refresh(); // something newer may be there
  const time = new Date().toLocaleTimeString(root.lang, { timeStyle: "short", hourCycle: "h23" });
  if (isHere || wasWaiting) say(`${words.saved} ${time}`, false);
  if (!form && document.activeElement === document.body) location.reload(); // it counts answers
  goOn();
}

// Takes over what the server knows: another device may have answered, and a form's token grows old.
async function refresh() {
  if (!form && !unsaved.size) return;
  const before = changes;
  const answer = await fetch(location.href).catch(() => null);
  if (answer?.status === 404) say(words.unknown);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (page.getElementById("saved")?.dataset.attempt !== words.attempt) return;
  isFailing = false;
  tokens().forEach((each) => (each.value = tokens(page)[0].value));
  if (!form || unsaved.size || before !== changes) return;
  const revision = page.querySelector("[name=revision]");
  if (!revision) return location.reload(); // handed in elsewhere, or over
  field("revision").value = revision.value;
  radios(page).forEach((radio, i) => (radios()[i].checked = radio.checked));
}

function goOn() {
  if (!wanted || unsaved.size || isFailing) return;
  form.requestSubmit(wanted);
  wanted = undefined;
}

const comeBack = () => (wake(), refresh().then(goOn));

addEventListener("offline", () => (isFailing = true));
addEventListener("online", comeBack);
addEventListener("pageshow", (event) => event.persisted && comeBack());
addEventListener("visibilitychange", () => document.hidden || comeBack());

// Without a connection Continue waits, instead of leading to the browser's page of errors. Other buttons warn once.
addEventListener("submit", (event) => {
  const isAnswer = event.target === form;
  if (isAnswer ? !isFailing : !unsaved.size || hasWarned) return;
  event.preventDefault();
  if (isAnswer) wanted = event.submitter;
  else [hasWarned, wanted] = [true]; // whoever wants to leave does not go on by itself
  sayWaiting();
  comeBack();
});

form?.addEventListener("change", ({ target }) => {
  const clash = form.querySelector(`.triplets [value="${target.value}"]:checked:not([name="${target.name}"])`);
  if (clash) clash.checked = false; // most and least like somebody at once: the newer choice takes its place
  document.querySelectorAll(".problems, .skip-it").forEach((element) => element.remove());
  changes += 1;
  wanted = undefined;
  const suffix = target.name.slice("value".length);
  const [key, counter] = [field(`key${suffix}`), field(`counter${suffix}`)];
  counter.value++;
  key.dataset.page ??= key.value;
  key.value = `${key.dataset.page}-${counter.value}`; // Continue sends it again, so one choice is stored once
  field(`milliseconds${suffix}`).value = Math.round(performance.now() - shown);
  const choice = { code: field("code").value + suffix, revision: field("revision").value };
  for (const name of ["value", "counter", "key", "milliseconds"]) choice[name] = field(name + suffix).value;
  unsaved.set(choice.code, choice);
  send(choice.code);
  device[MINE + choice.code] = JSON.stringify({ ...choice, milliseconds: undefined });
});

// The keys 1 to 5 choose in a single group, if switched on.
addEventListener("keydown", ({ key, target, ctrlKey, altKey, metaKey }) => {
  if (root.dataset.shortcuts !== "on" || ctrlKey || altKey || metaKey) return;
  if (target.closest("input:not([type=radio]), select, textarea, [contenteditable]")) return;
  const chosen = radios()["12345١٢٣٤٥".indexOf(key) % 5];
  if (!chosen || radios().some(({ name }) => name !== chosen.name)) return;
  chosen.focus();
  chosen.click();
});

recall();
