// One conversation as people of different languages hold it, for any peer. What
// the bot says of itself is compared with bot/lang, and what it says of facts
// with what it said of them in English. With FOOTNOTE_TRANSCRIPTS naming a folder
// each conversation is written there as a person sees it.
//
// Left to the fakes of ours: what no peer carries (inline mode, menus of commands
// and plain messages on Discord) and what the shipped pack has no case of (choices
// between facts that are equally likely, corrections, long texts).
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check } from "./footnote.mjs";

// English first: the others are compared with it.
export const languages = ["en", ...readdirSync("lang").filter((f) => f.endsWith(".json") && f !== "en.json").map((f) => f.slice(0, -".json".length)).sort()];

// What one person may say in a minute; the conversation goes just over it.
export const limit = 30;

const thanks = {};
const catalogue = Object.fromEntries(languages.map((l) => {
  const { name, texts, commands, "small-talk": smallTalk } = JSON.parse(readFileSync(`lang/${l}.json`, "utf8"));
  thanks[l] = (smallTalk.thanks ?? ["thanks"])[0] + "!"; // those of English are the matcher's
  const described = Object.entries(commands).map(([c, { description }]) => [`command.${c}`, description]);
  return [l, { "language.name": name, ...texts, ...Object.fromEntries(described) }];
}));

// plain makes texts comparable: without marks of code, without what nobody sees,
// with one kind of space and apostrophe.
const plain = (s) => s.replace(/[`\u200b\u2060]/g, "").replace(/[\u00a0\u202f]/g, " ").replaceAll("’", "'");
const escaped = (s) => s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// shows reports whether a reply has the text for key in a language. What is not
// given in values may be anything.
function shows(reply, lang, key, values = {}) {
  const template = catalogue[lang][key];
  if (!template) throw new Error(`${lang}: no text ${key}`);
  const pattern = plain(template).split(/(\{[^}]*\})/).map((piece) => {
    if (!piece.startsWith("{")) return escaped(piece);
    const value = values[piece.slice(1, -1).split("|")[0]];
    return value === undefined ? "[^]*?" : escaped(plain(value));
  });
  return new RegExp(pattern.join("")).test(plain(reply.text));
}

// english finds what was left in English: a text of the interface or a button.
function english(reply, lang) {
  const text = plain(reply.text);
  const found = [];
  for (const [key, original] of Object.entries(catalogue.en)) {
    for (const piece of plain(original).split(/\{[^}]*\}/)) {
      const words = piece.trim();
      if (words.length >= 12 && text.includes(words) && !plain(catalogue[lang][key]).includes(words)) found.push(`${key}: ${words}`);
    }
  }
  const labels = Object.entries(catalogue[lang]).filter(([key]) => key.startsWith("button.")).map(([, label]) => plain(label));
  for (const { label } of reply.buttons) {
    if (!/^\d/.test(label) && !labels.includes(plain(label))) found.push(`button: ${label}`);
  }
  return found;
}

// stated is what a reply says of a fact: all but the lines of the interface.
function stated(reply, lang) {
  const own = Object.entries(catalogue[lang]).filter(([key, text]) => text && /^status\.[a-z-]+$|^answer\.see-also$|^source\.of$/.test(key));
  const begins = (line) => own.some(([, text]) => plain(line).startsWith(plain(text).split("{")[0]));
  return reply.text.split("\n").filter((line) => !begins(line)).join("\n").trim();
}

// hold holds the conversation in lang with peer, which has
//   command(name, text)   the reply to a command
//   press(reply, button)  the reply to a pressed button
//   pictures              true if it takes files
//   direct                true if it is held in a direct chat
//   fact                  a parameter of /start that opens a fact, where there is /start
//   complete(name, text)  what is offered while somebody types, where there is that
// and returns what was stated, for the comparison: give it to the next as before.
// A reply has text as it is read, look as it looks, and buttons with their label.
export async function hold(platform, peer, lang, before) {
  const t = catalogue[lang];
  const said = [];
  const facts = {};
  let turns = 0;
  const verdict = (what, ok, seen) => check(`${platform}, ${lang}: ${what}`, ok, seen);
  const heard = (line, reply, ...keys) => {
    turns++;
    const rows = reply.rows ?? [reply.buttons];
    said.push([`> ${line}`, ...(reply.note ? [`(${reply.note})`] : []), reply.look,
      ...rows.filter((row) => row.length).map((row) => row.map(({ label }) => `[ ${label} ]`).join(" "))].join("\n"));
    for (const [key, values] of keys) verdict(`${line} shows ${key}`, shows(reply, lang, key, values), reply.text);
    const left = lang === "en" ? [] : english(reply, lang);
    if (left.length) verdict(`${line} leaves nothing in English`, false, left);
    return reply;
  };
  const command = async (name, text, ...keys) => heard(`/${name} ${text}`.trim(), await peer.command(name, text), ...keys);
  const press = async (reply, button, ...keys) => heard(`[ ${button.label} ]`, await peer.press(reply, button), ...keys);
  const labelled = (reply, key) => {
    const button = reply.buttons.find(({ label }) => plain(label) === plain(t[key]));
    verdict(`there is a button ${key}`, button, reply.buttons.map(({ label }) => label));
    return button ?? reply.buttons[0];
  };
  // states checks a reply that states a fact, with its citation.
  const states = (name, reply) => {
    facts[name] = stated(reply, lang);
    verdict(`${name} is cited`, reply.text.includes("Wikipedia") || name.includes("without"), reply.text);
    if (before) verdict(`${name} is stated as in English`, facts[name] === before[name], `${facts[name]}\n--- in English\n${before[name]}`);
  };

  await command("source", "", ["source.usage"]);
  if (peer.fact) {
    await command("start", "", ["start.intro"], ["help.intro", { pack: "Neo-Stalinism" }], ["command.ask"], ["command.forget"]);
    states("a fact by its link", await command("start", peer.fact, ["status.established"]));
  }
  await command("help", "", ["help.intro", { pack: "Neo-Stalinism" }], ["help.examples"], ["help.commands"], ["command.source"], ["command.privacy"]);
  const answer = await command("ask", "When did Khrushchev denounce Stalin's cult?", ["status.established"], ["answer.see-also"]);
  states("an answer", answer);
  verdict("an answer is right", answer.text.includes("1956") && answer.text.includes("secret-speech"), answer.text);
  states("a source by its button", await press(answer, labelled(answer, "button.source"), ["source.of"]));
  states("a source", await command("source", "", ["source.of"]));
  await press(answer, labelled(answer, "button.why"), ["why.phrasing"], ["why.words"], ["why.same"]);
  const related = await press(answer, labelled(answer, "button.related"), ["related.intro"], ["choices.hint"]);
  states("what is related", await press(related, related.buttons[0]));

  states("an attributed fact", await command("ask", "khalq-neo-stalinist", ["status.attributed"]));
  states("a disputed fact", await command("ask", "brezhnev-cult-dispute", ["status.disputed"]));
  states("a fact without a source", await command("ask", "resolution-unnamed", ["status.citation-needed"], ["status.citation-needed.cited"]));

  const refused = await command("ask", "When was Stalin born?", ["declined", { pack: "Neo-Stalinism" }], ["declined.hint"]);
  verdict("a refusal cites nothing", !refused.text.includes("Wikipedia"), refused.text);
  await press(refused, labelled(refused, "button.why"), ["why.declined"], ["why.same"]);

  const list = await command("search", "Khrushchev", ["search.intro"], ["list.page", { page: "1" }]);
  verdict("a search offers its results as buttons", list.buttons.length >= 3, list.buttons);
  const second = await press(list, labelled(list, "button.next"), ["list.page", { page: "2" }]);
  labelled(second, "button.back");
  states("a result of a search", await press(second, second.buttons[0]));
  await command("topics", "", ["topics.intro", { pack: "Neo-Stalinism" }], ["topics.hint"]);
  const checked = await command("check", "Khrushchev denounced Stalin in 1956. The moon is near.", ["check.found"]);
  const [name, key] = peer.direct ? ["the source of a check", "button.source"] : ["a shared check", "button.share"];
  states(name, await press(checked, labelled(checked, key)));
  if (peer.pictures) {
    const line = await command("timeline", "1950-1960");
    verdict("a timeline tells its dates in words", line.text.includes("1956"), line.text);
  }
  const quiz = await command("quiz", "Khrushchev");
  verdict("a quiz has answers to choose from", quiz.buttons.length >= 2, quiz.buttons);
  const mark = await press(quiz, quiz.buttons[0]);
  verdict("an answer of a quiz is marked", shows(mark, lang, "quiz.right") || shows(mark, lang, "quiz.wrong"), mark.text);
  await command("ask", thanks[lang], ["small.thanks"]);
  await command("privacy", "", ["privacy.stored"], ["privacy.memory"], ["privacy.log"]);
  await command("about", "", ["about.intro"], ["about.licence"]);
  await command("forget", "", ["forget.done"]);
  while (turns < limit) await command("corrections", "", ["corrections.none"]);
  verdict("the conversation is as long as the limit", turns === limit, turns);
  await command("help", "", ["notice.limit"]);

  if (peer.complete) {
    const offered = await peer.complete("ask", "khrush");
    said.push(["(while typing /ask khrush)", ...offered].join("\n"));
    facts["a completion"] = offered.join("\n");
    verdict("typing is completed from the pack", facts["a completion"].includes("Khrushchev"), offered);
    if (before) verdict("completions are the pack's", facts["a completion"] === before["a completion"], offered);
  }
  write(`${platform}-${lang}.txt`, said);
  return facts;
}

function write(name, said) {
  const folder = process.env.FOOTNOTE_TRANSCRIPTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const notes = "# **bold** _italic_ `code` [a link](its address), ▌ a quotation, ~ small print, [ a button ]";
  const indented = (turn) => turn.split("\n").map((line, i) => (i ? `  ${line}` : line).trimEnd()).join("\n");
  writeFileSync(join(folder, name), `${notes}\n\n${said.map(indented).join("\n\n")}\n`);
}
