"use strict";
// Sends the chat's forms without leaving the page. Without this file they are plain forms.
(() => {
  const PATIENCE = 20000;
  const log = document.getElementById("log");
  const ask = document.getElementById("ask");
  const box = document.getElementById("text");
  const status = document.getElementById("status");
  const HEAR_EVERY = 15000;
  const title = document.title;
  let waiting = false;
  let awaits = log.hasAttribute("data-awaits");

  async function post(form, body) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const response = await fetch(form.action, {
        method: "POST", body, headers: { "X-Fragment": "1" }, signal: stop.signal,
      });
      if (!response.headers.has("X-Fragment")) throw new Error("not from the chat");
      note(response);
      return { html: await response.text(), served: response.ok };
    } finally {
      clearTimeout(timer);
    }
  }

  function note(response) {
    const told = response.headers.get("X-Awaits");
    if (told) awaits = told === "1";
  }

  // What is told later than it was asked comes without reloading, while somebody's answer is awaited.
  async function hear() {
    if (!awaits || waiting) return;
    try {
      const body = new URLSearchParams({ conversation: ask.elements.conversation.value });
      const response = await fetch(log.dataset.hear, { method: "POST", body, headers: { "X-Fragment": "1" } });
      note(response);
      if (response.status !== 200 || !response.headers.has("X-Fragment")) return;
      log.insertAdjacentHTML("beforeend", await response.text());
      if (document.hidden) document.title = `(1) ${title}`;
      else log.lastElementChild.scrollIntoView({ block: "start" });
    } catch {
      // The next look may do better; what was taken stands in the talk at the next visit.
    }
  }
  setInterval(hear, HEAR_EVERY);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) document.title = title;
  });

  function show(html) {
    log.insertAdjacentHTML("beforeend", html);
    const newest = log.lastElementChild;
    newest.scrollIntoView({ block: "start" });
    const source = newest.querySelector(".sources");
    // Answer and source come before the question when the screen can't hold all three.
    if (source && source.getBoundingClientRect().bottom > ask.getBoundingClientRect().top) {
      newest.querySelector(".reply").scrollIntoView({ block: "start" });
    }
    return newest;
  }

  async function send(form, body) {
    waiting = true;
    status.textContent = ask.dataset.waiting;
    try {
      const answer = await post(form, body);
      status.textContent = "";
      const newest = show(answer.html);
      if (form !== ask) newest.focus({ preventScroll: true });
      else if (answer.served) {
        box.value = "";
        box.scrollTop = 0; // the hint is read from its beginning
      }
    } catch {
      status.textContent = ask.dataset.offline;
    } finally {
      waiting = false;
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-chat")) return;
    const pressed = event.submitter;
    if (form !== ask && !pressed) return; // a browser too old to say which button: send the plain form
    event.preventDefault();
    if (waiting) return;
    const body = new URLSearchParams(new FormData(form));
    if (pressed && pressed.name) body.append(pressed.name, pressed.value);
    // A thumb keyboard left open would cover the answer.
    if (form === ask && matchMedia("(pointer: coarse)").matches) box.blur();
    send(form, body);
  });

  // Whoever begins to type anywhere writes in the box.
  document.addEventListener("keydown", (event) => {
    const idle = document.activeElement === document.body || document.activeElement?.matches(".exchange");
    const letter = event.key.length === 1 && event.key !== " ";
    if (idle && letter && !event.ctrlKey && !event.metaKey && !event.altKey) box.focus();
  });

  // What was asked before a reload stands above: the reader goes on at its end.
  if (log.querySelector(".shared")) log.lastElementChild.scrollIntoView({ block: "start" });

  box.addEventListener("keydown", (event) => {
    // While a Vietnamese keyboard still composes a letter, Enter ends the letter (229 in Safari).
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    ask.querySelector("button").click();
  });
})();
