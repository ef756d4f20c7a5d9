// node telegram.mjs ./footnote: direct chats in every language, a group and pressed
// buttons over telegram-test-api. That server has no long poll, no setMyCommands
// and no inline queries, checks no markup and knows no limits; the fake in
// bot/telegram has all of them. It passes on whatever a message of a person holds,
// and so the language of the person's app.
import { createRequire } from "node:module";
import net from "node:net";
import { hold, languages, limit } from "./conversation.mjs";
import { check, finish, ready, start, until } from "./footnote.mjs";

const require = createRequire(import.meta.url);
const { TelegramServer } = require("telegram-test-api/lib/telegramServer");
const { TelegramClient } = require("telegram-test-api/lib/modules/telegramClient");
const token = "123456:TEST";

const port = await new Promise((resolve) => {
  const probe = net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const server = new TelegramServer({ port, host: "127.0.0.1", storeTimeout: 600 });
await server.start();
const url = `http://127.0.0.1:${port}`;
const program = start(process.argv[2], {
  FOOTNOTE_TELEGRAM_TOKEN: token,
  FOOTNOTE_TELEGRAM_ENDPOINT: url,
  FOOTNOTE_LIMITS_PERSON_PER_MINUTE: String(limit),
});

const person = { timeout: 20000, interval: 50 };
const ann = new TelegramClient(url, token, { ...person, userId: 77, chatId: 77, firstName: "Ann", userName: "ann" });
const group = new TelegramClient(url, token, { ...person, userId: 78, chatId: -100123, type: "supergroup", chatTitle: "Group" });

// The server marks its answers to the bot as messages of the chat; a person reads
// them with getUpdates.
async function heard(who) {
  const { result } = await who.getUpdates();
  return result.map((x) => ({ id: x.messageId, ...read(x.message) }));
}

// read is a message as the apps show it.
function read({ text = "", reply_markup: markup }) {
  const rows = (typeof markup === "string" ? JSON.parse(markup) : markup)?.inline_keyboard ?? [];
  return {
    raw: text,
    text: unescaped(text.replace(/<[^>]*>/g, "")),
    look: look(text),
    rows: rows.map((row) => row.map((key) => ({ label: key.text, ...key }))),
    get buttons() { return this.rows.flat(); },
  };
}

const unescaped = (s) => s.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&").replaceAll("\u2060", "");

// look is Telegram's HTML with its forms marked.
function look(html) {
  const marked = html
    .replace(/<blockquote( expandable)?>([^]*?)<\/blockquote>/g, (_, folds, quoted) => quoted.replace(/^/gm, "▌ ") + (folds ? " ⌄" : ""))
    .replace(/<a href="([^"]*)">([^]*?)<\/a>/g, "[$2]($1)")
    .replace(/<\/?b>/g, "**").replaceAll("</i><i>", "").replace(/<\/?i>/g, "_").replace(/<\/?code>/g, "`").replace(/<pre>|<\/pre>/g, "\n```\n");
  return unescaped(marked);
}

async function ask(who, text) {
  await who.sendMessage(who.makeMessage(text));
  return heard(who);
}

// someone is a person whose app is in that language, as a peer of conversation.mjs.
function someone(lang, number) {
  const from = { language_code: lang };
  const who = new TelegramClient(url, token, { ...person, userId: number, chatId: number, firstName: lang, userName: `person_${lang}` });
  return {
    direct: true,
    pictures: true,
    fact: "f_secret-speech",
    async command(name, text) {
      const line = `/${name} ${text}`.trim();
      await who.sendCommand(who.makeCommand(line, { from }));
      return (await heard(who))[0];
    },
    // The peer hands a press over with the message that carries the button. A page
    // takes the place of the one before it, and the peer's client is not told of
    // edits: it is found in the history.
    async press(reply, key) {
      const mine = (x) => String(x.message?.chat_id) === String(number); // of the bot, in this chat
      const shown = () => server.getUpdatesHistory(token).find((x) => mine(x) && x.messageId === reply.id)?.message;
      const was = shown().text;
      await who.sendCallback(who.makeCallbackQuery(key.callback_data, { from, message: { message_id: reply.id, text: reply.raw } }));
      return until(`a reply to ${key.label}`, async () => {
        if (server.getUpdatesHistory(token).some((x) => mine(x) && !x.isRead)) return (await heard(who))[0];
        return shown().text !== was ? { id: reply.id, note: "in place of the page before", ...read(shown()) } : null;
      });
    },
  };
}

try {
  await ready(program);
  let english;
  for (const [i, lang] of languages.entries()) {
    const stated = await hold("telegram", someone(lang, 101 + i), lang, english);
    english ??= stated;
  }

  let [reply] = await ask(ann, "When did Khrushchev denounce Stalin's cult?");
  check("a question without a command is answered", reply.text.includes("1956") && reply.text.includes("Wikipedia"), reply);

  [reply] = await ask(ann, "What is the boiling point of tungsten?");
  check("what the pack does not hold is declined", reply.text.includes("no sourced answer") && !reply.text.includes("Wikipedia"), reply);

  const [choices] = await ask(ann, "/search Khrushchev");
  check("callback data keep Telegram's 64 bytes", choices.buttons.every((k) => Buffer.byteLength(k.callback_data) <= 64), choices.buttons);

  [reply] = await ask(ann, "<b>&</b> @everyone \u0000");
  check("hostile text gets a reply", reply.text.length > 0, reply);

  await group.sendCommand(group.makeCommand("/ask When did Khrushchev denounce Stalin's cult?"));
  [reply] = await heard(group);
  check("a command in a group is answered", reply.text.includes("1956"), reply);

  check("no token stands in the log", !program.log().includes(token), "");
  const code = await program.stop();
  check("SIGTERM ends the program with exit code 0", code === 0, String(code));
} catch (e) {
  check("the conversation went on", false, e.stack ?? String(e));
}
await server.stop();
finish(program);
