"use strict";
// Boxes of a list of papers: kept in this browser alone, printed as they stand, shared in the address
// behind “#”, which no server is sent. Without this file they can be ticked, and are forgotten.
(() => {
  const stored = (list) => `htx-boxes:${list.dataset.list}`;
  const boxes = (list) => [...list.querySelectorAll("input[type=checkbox]")];
  const ticked = (list) => boxes(list).filter((box) => box.checked).map((box) => box.value);
  const link = (list) => `${location.origin}/bai/${list.dataset.list}#da=${ticked(list).join(",")}`;
  const listOf = (part) => part.parentElement.querySelector("[data-list]");

  function kept(list) {
    try {
      return JSON.parse(localStorage.getItem(stored(list)) || "[]");
    } catch {
      return []; // a browser that keeps nothing
    }
  }

  function keep(list) {
    try {
      localStorage.setItem(stored(list), JSON.stringify(ticked(list)));
    } catch { /* the ticks stay until the page is left */ }
  }

  function ready(list) {
    const ways = list.parentElement.querySelector(".list-ways");
    if (!ways) return;
    ways.querySelector("a").href = link(list);
    ways.querySelector("[data-share]").hidden = !(navigator.share || navigator.clipboard);
  }

  function fill(list) {
    const shared = /^#da=([0-9a-f,]*)$/.exec(location.hash);
    const own = shared && location.pathname === `/bai/${list.dataset.list}`;
    const names = own ? shared[1].split(",") : kept(list);
    for (const box of boxes(list)) box.checked = names.includes(box.value);
    const fold = own && list.closest("details");
    if (fold) {
      fold.open = true;
      fold.scrollIntoView();
    }
    ready(list);
  }

  async function share(button) {
    const list = listOf(button.closest(".list-ways"));
    const lines = boxes(list).map((box) => `${box.checked ? "☑" : "☐"} ${box.parentElement.textContent.trim()}`);
    const title = button.dataset.title;
    const url = link(list);
    try {
      if (navigator.share) {
        await navigator.share({ title, text: [title, ...lines].join("\n"), url });
        return;
      }
      await navigator.clipboard.writeText([title, ...lines, url].join("\n"));
      document.getElementById("status").textContent = button.dataset.copied;
    } catch { /* whoever closes the list of ways to share has changed their mind */ }
  }

  const lists = (place) => place.querySelectorAll("[data-list]").forEach(fill);
  lists(document);
  new MutationObserver((changes) => {
    for (const change of changes) change.addedNodes.forEach((one) => one.querySelectorAll && lists(one));
  }).observe(document.body, { childList: true, subtree: true });

  document.addEventListener("change", (event) => {
    const list = event.target.closest("[data-list]");
    if (!list || event.target.type !== "checkbox") return;
    keep(list);
    // The same list may stand on the page twice.
    document.querySelectorAll("[data-list]").forEach((one) => {
      if (one.dataset.list === list.dataset.list && one !== list) fill(one);
    });
    ready(list);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-share]");
    if (button) share(button);
  });
})();
