// What the pages do with a script, and do without: a button to copy, search as one types, and
// questions that are answered in place. It keeps nothing.
"use strict";

for (const pre of document.querySelectorAll("pre[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet copied";
  button.textContent = pre.dataset.copy;
  button.setAttribute("aria-label", pre.dataset.copy + ": " + (pre.getAttribute("aria-label") || ""));
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(pre.textContent);
    button.textContent = pre.dataset.copied;
    setTimeout(() => { button.textContent = pre.dataset.copy; }, 2000);
  });
  pre.after(button);
}

const fold = (s) => s.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const search = document.getElementById("search");
if (search) {
  const hits = document.getElementById("hits");
  const most = 50;
  let facts = null;
  const load = async () => {
    const got = await fetch(search.dataset.index);
    facts = (await got.json()).map(([id, question, status, words]) => ({ id, question, status, text: fold(question + " " + (words || "") + " " + id) }));
  };
  const find = async () => {
    const words = fold(search.q.value).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    if (!words.length) {
      hits.replaceChildren();
      return;
    }
    if (!facts) await load();
    const found = facts.filter((f) => words.every((w) => f.text.includes(w))).slice(0, most);
    if (!found.length) {
      const none = document.createElement("p");
      none.textContent = search.dataset.none;
      hits.replaceChildren(none);
      return;
    }
    const list = document.createElement("ul");
    list.className = "facts-list";
    for (const f of found) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = hits.dataset.facts + encodeURIComponent(f.id) + "/";
      link.textContent = f.question;
      item.append(link);
      if (f.status) {
        const tag = document.createElement("span");
        tag.className = "tag";
        tag.textContent = f.status;
        item.append(" ", tag);
      }
      list.append(item);
    }
    hits.replaceChildren(list);
  };
  search.q.addEventListener("input", find);
  search.addEventListener("submit", (e) => {
    e.preventDefault();
    find();
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked && !search.q.value) search.q.value = asked;
  if (search.q.value && !hits.children.length) find();
}

const talk = document.getElementById("talk");
if (talk) {
  let busy = false, plain = false;
  document.addEventListener("submit", async (e) => {
    const form = e.target;
    if (plain || !form.matches("form.ask, form.buttons")) return;
    e.preventDefault();
    if (busy) return;
    busy = true;
    talk.classList.add("busy");
    try {
      const body = new URLSearchParams(new FormData(form, e.submitter));
      const got = await fetch(form.action, { method: "POST", body });
      const page = new DOMParser().parseFromString(await got.text(), "text/html");
      const next = page.getElementById("talk");
      if (!next) throw new Error("no answer");
      talk.append(...next.children);
      document.getElementById("examples")?.parentElement.remove();
      const ask = document.querySelector("form.ask");
      ask.replaceChildren(...page.querySelector("form.ask").children);
      talk.lastElementChild.scrollIntoView({ block: "start" });
      ask.q.focus({ preventScroll: true });
    } catch { // as without a script
      plain = true;
      form.requestSubmit(e.submitter);
    } finally {
      busy = false;
      talk.classList.remove("busy");
    }
  });
}
