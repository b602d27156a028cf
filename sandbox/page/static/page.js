// Puts the parts that the server sends into the page, and sends back what a person does.
"use strict";

const byId = (id) => document.getElementById(id);
const root = document.documentElement;
const drafts = new Map();
let socket, number = 0, fresh = 1, picked = null;
const pending = new Map();

// -- parts: nodes with the same id stay, so what is typed, open or focused in them stays too

const KEEP = new Set(["style", "open", "data-busy"]);

function morph(from, to) {
  if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName) return from.replaceWith(to);
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  for (const { name } of [...from.attributes])
    if (!to.hasAttribute(name) && !KEEP.has(name)) from.removeAttribute(name);
  for (const { name, value } of to.attributes)
    if (from.getAttribute(name) !== value && !KEEP.has(name)) from.setAttribute(name, value);
  morphChildren(from, to);
}

function drop(node) {
  const next = node.nextSibling;
  if (node.nodeName === "DIALOG" && node.open) node.close();
  node.remove();
  return next;
}

function morphChildren(from, to) {
  const old = new Map([...from.children].filter((child) => child.id).map((child) => [child.id, child]));
  const wanted = new Set([...to.children].map((child) => child.id).filter(Boolean));
  let here = from.firstChild;
  for (const want of [...to.childNodes]) {
    while (here && here.id && !wanted.has(here.id)) here = drop(here);
    const same = want.id ? old.get(want.id) : here && !here.id && here.nodeName === want.nodeName ? here : null;
    if (!same) {
      from.insertBefore(want, here);
      continue;
    }
    if (same === here) here = here.nextSibling;
    else from.insertBefore(same, here);
    // A part of its own comes by itself, later in the same message, if it has changed.
    if (!(want.hasAttribute?.("data-part") && !want.hasChildNodes())) morph(same, want);
  }
  while (here) here = drop(here);
}

function apply(id, html) {
  const place = byId(id);
  if (!place) return;
  const parsed = document.createElement("template");
  parsed.innerHTML = html;
  const only = parsed.content.firstElementChild;
  if (only && only.id === id) morph(place, only);
  else morphChildren(place, parsed.content);
}

// -- what comes in

function receive({ parts = {}, done = [], focus, title, address }) {
  const logs = [...document.querySelectorAll("[data-log]")];
  const below = new Map(logs.map((log) => [log.id, log.scrollHeight - log.scrollTop - log.clientHeight]));
  for (const [id, html] of Object.entries(parts)) apply(id, html);
  for (const log of document.querySelectorAll("[data-log]"))
    if ((below.get(log.id) ?? 0) < 80) log.scrollTop = log.scrollHeight;
  for (const dialog of document.querySelectorAll("dialog"))
    if (!dialog.open) dialog.showModal();
  for (const field of document.querySelectorAll("[data-write]")) restore(field);
  if (title) document.title = title;
  if (address) history.replaceState(null, "", address);
  for (const n of done) {
    pending.get(n)?.removeAttribute("data-busy");
    pending.delete(n);
  }
  root.toggleAttribute("data-pending", pending.size > 0);
  if (focus) focusOn(byId(focus));
  root.setAttribute("data-ready", "");
}

function focusOn(element) {
  if (!element) return;
  const inner = element.matches("input,select,textarea,button") ? element : element.querySelector("input,button");
  (inner ?? element).focus();
  element.scrollIntoView({ block: "nearest" });
}

function restore(field) {
  if (!("kept" in field.dataset)) field.value = drafts.get(field.id) ?? "";
  field.dataset.kept = "";
}
KEEP.add("data-kept");

function connect() {
  const query = new URLSearchParams(location.search);
  query.set("fresh", fresh);
  socket = new WebSocket(`${location.origin.replace("http", "ws")}${document.body.dataset.live}?${query}`);
  socket.onopen = () => { fresh = 0; byId("link").hidden = true; };
  socket.onmessage = (message) => receive(JSON.parse(message.data));
  socket.onclose = () => {
    receive({ done: [...pending.keys()] });
    byId("link").hidden = false;
    byId("link").textContent = "The sandbox does not answer. Trying again …";
    setTimeout(connect, 1000);
  };
}

// -- what goes out

function formOf(element) {
  const box = element.closest("form, [data-fields]") ?? element.querySelector("form");
  const fields = box ? [...box.querySelectorAll("[name]")] : element.name ? [element] : [];
  const form = {};
  for (const field of fields) {
    form[field.name] ??= [];
    if (!["checkbox", "radio"].includes(field.type) || field.checked) form[field.name].push(field.value);
  }
  return form;
}

function send(element, action, more = {}) {
  if (element.hasAttribute("data-busy") || socket.readyState !== WebSocket.OPEN) return false;
  const { change, enter, typing, busy, upload, ...data } = { ...element.dataset, ...more };
  number += 1;
  pending.set(number, element);
  if (!typing) element.setAttribute("data-busy", "");
  root.setAttribute("data-pending", "");
  socket.send(JSON.stringify({ ...data, do: action, n: number, form: formOf(element) }));
  return true;
}

document.addEventListener("click", (event) => {
  const toggle = event.target.closest("[data-toggle]");
  root.toggleAttribute("data-nav-open", toggle ? !root.hasAttribute("data-nav-open") : false);
  const option = event.target.closest("[data-command]");
  if (option) pick(option);
  const element = event.target.closest("[data-do]");
  if (!element || element.nodeName === "FORM") return;
  if (!element.target) event.preventDefault();
  element.closest("[popover]")?.hidePopover();
  if (element.dataset.do === "deny") undo();
  send(element, element.dataset.do);
});

// Who answers no to the question of a menu finds it as it was.
function undo() {
  for (const option of picked?.options ?? []) option.selected = option.defaultSelected;
  if (picked && "defaultChecked" in picked) picked.checked = picked.defaultChecked;
  if (picked && !picked.options) picked.value = picked.defaultValue;
  picked = null;
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const field = form.querySelector("[data-write]");
  if (!send(form, form.dataset.do) || !field) return;
  field.value = "";
  drafts.delete(field.id);
  const log = form.closest("main, aside").querySelector("[data-log]");
  log.scrollTop = log.scrollHeight;
  suggest(field);
});

// Files go up one after the other, then the server hears what they are for.
async function upload(field) {
  const ids = [];
  let failed;
  root.setAttribute("data-pending", "");
  for (const file of field.files) {
    const query = new URLSearchParams({ as: new URLSearchParams(location.search).get("as"), name: file.name });
    const answer = await fetch(`files?${query}`, { method: "POST", body: file }).catch(() => null);
    if (answer?.ok) ids.push(await answer.text());
    else failed = answer?.status === 413 ? `${file.name} is too large.` : `${file.name} could not be sent.`;
  }
  field.value = "";
  send(field, field.dataset.upload, { file: ids.join(" "), ...(failed && { failed }) });
}

document.addEventListener("change", (event) => {
  if ("upload" in event.target.dataset) return upload(event.target);
  const { change } = event.target.dataset;
  picked = event.target;
  if (change) send(event.target, change);
});

document.addEventListener("input", (event) => {
  const field = event.target;
  if ("write" in field.dataset) {
    drafts.set(field.id, field.value);
    suggest(field);
  }
  if ("typing" in field.dataset) send(field, "press");
});

document.addEventListener("cancel", (event) => {
  event.preventDefault();
  if (event.target.dataset.escape === "deny") undo();
  send(event.target, event.target.dataset.escape);
}, true);

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.isComposing) return;
  if (event.key === "Escape") root.removeAttribute("data-nav-open");
  if (field.dataset?.write !== undefined) return writing(event, field);
  if (event.key === "Enter" && field.dataset?.enter !== undefined) {
    event.preventDefault();
    send(field, "press");
  }
});

// -- writing: Enter sends, / suggests commands

function options(field) {
  return [...(byId(`${field.id}-commands`)?.children ?? [])];
}

function suggest(field) {
  const list = byId(`${field.id}-commands`);
  if (!list) return;
  const text = field.value;
  let first = true;
  for (const option of options(field)) {
    option.hidden = !(text.startsWith("/") && option.dataset.command.startsWith(text));
    option.setAttribute("aria-selected", String(!option.hidden && first));
    if (!option.hidden) first = false;
  }
  list.hidden = first;
  mark(field);
  const given = options(field).find((option) => text.split(" ", 1)[0] === option.dataset.command);
  const usage = byId(`${field.id}-usage`);
  usage.hidden = !(given && list.hidden && given.dataset.usage);
  if (!usage.hidden) usage.textContent = `${given.dataset.command} ${given.dataset.usage}`;
}

function mark(field) {
  const chosen = options(field).find((option) => option.getAttribute("aria-selected") === "true");
  if (chosen) field.setAttribute("aria-activedescendant", chosen.id);
  else field.removeAttribute("aria-activedescendant");
  chosen?.scrollIntoView({ block: "nearest" });
  return chosen;
}

function pick(option) {
  const field = option.closest("form").querySelector("[data-write]");
  field.value = `${option.dataset.command} `;
  drafts.set(field.id, field.value);
  suggest(field);
  field.focus();
}

function writing(event, field) {
  const shown = options(field).filter((option) => !option.hidden && !option.parentElement.hidden);
  const chosen = shown.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (shown.length && step) {
    shown[chosen].setAttribute("aria-selected", "false");
    shown[(chosen + step + shown.length) % shown.length].setAttribute("aria-selected", "true");
    mark(field);
  } else if (shown.length && (event.key === "Tab" || (event.key === "Enter" && field.value !== shown[chosen].dataset.command))) {
    pick(shown[chosen]);
  } else if (shown.length && event.key === "Escape") {
    shown[0].parentElement.hidden = true;
  } else if (event.key === "Enter" && !event.shiftKey) {
    field.form.requestSubmit();
  } else return;
  event.preventDefault();
}

// -- menus stand at their button, on the screen

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.popover || event.newState !== "open") return;
  const at = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`).getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const top = at.bottom + 4 + height > innerHeight ? at.top - height - 4 : at.bottom + 4;
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, top)}px`;
}, true);

if (innerWidth < 720) new MutationObserver((_, observer) => {
  const steps = byId("guide-steps");
  if (!steps) return;
  steps.open = false;
  observer.disconnect();
}).observe(byId("guide"), { childList: true });

connect();
