// node telegram.mjs ./footnote: a direct chat, a group and a pressed button over
// telegram-test-api. That server has no long poll, no setMyCommands and no
// getUpdates offset, and knows no limits; the fake in bot/telegram has.
import { createRequire } from "node:module";
import net from "node:net";
import { check, finish, ready, start } from "./footnote.mjs";

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
const program = start(process.argv[2], { FOOTNOTE_TELEGRAM_TOKEN: token, FOOTNOTE_TELEGRAM_ENDPOINT: url });

const person = { timeout: 20000, interval: 50 };
const ann = new TelegramClient(url, token, { ...person, userId: 77, chatId: 77, firstName: "Ann", userName: "ann" });
const group = new TelegramClient(url, token, { ...person, userId: 78, chatId: -100123, type: "supergroup", chatTitle: "Group" });

// The server marks its answers to the bot as messages of the chat; a person reads
// them with getUpdates.
async function heard(who) {
  const { result } = await who.getUpdates();
  return result.map((x) => ({ id: x.messageId, text: x.message.text ?? "", markup: x.message.reply_markup }));
}
const buttons = ({ markup }) => (typeof markup === "string" ? JSON.parse(markup) : markup)?.inline_keyboard?.flat() ?? [];

async function ask(who, text) {
  await who.sendMessage(who.makeMessage(text));
  return heard(who);
}

try {
  await ready(program);
  let [reply] = await ask(ann, "When did Khrushchev denounce Stalin?");
  check("a question is answered", reply.text.includes("1956"), reply);
  check("with its citation", reply.text.includes("Neo-Stalinism"), reply);

  await ann.sendCommand(ann.makeCommand("/source"));
  [reply] = await heard(ann);
  check("/source gives the full citation", reply.text.includes("Neo-Stalinism") && reply.text.includes("Wikipedia"), reply);

  [reply] = await ask(ann, "What is the boiling point of tungsten?");
  check("what the pack does not hold is declined", reply.text.includes("no sourced answer") && !reply.text.includes("Wikipedia"), reply);

  [reply] = await ask(ann, "When was Stalin born?");
  check("a near miss is declined too", reply.text.includes("no sourced answer") && !reply.text.includes("Wikipedia"), reply);

  // The peer hands a press over with the message that carries the button.
  const [choices] = await ask(ann, "/search Khrushchev");
  const keys = buttons(choices);
  check("a search offers its results as buttons", keys.length >= 2, choices);
  check("callback data keep Telegram's 64 bytes", keys.every((k) => Buffer.byteLength(k.callback_data) <= 64), keys);
  await ann.sendCallback(ann.makeCallbackQuery(keys[0].callback_data, { message: { message_id: choices.id, text: choices.text } }));
  [reply] = await heard(ann);
  check("a pressed button is answered with a citation", reply.text.includes("Wikipedia") && reply.text !== choices.text, reply);

  [reply] = await ask(ann, "<b>&</b> @everyone \u0000");
  check("hostile text gets a reply", reply.text.length > 0, reply);

  await group.sendCommand(group.makeCommand("/ask When did Khrushchev denounce Stalin?"));
  [reply] = await heard(group);
  check("a command in a group is answered", reply.text.includes("1956"), reply);

  [reply] = await ask(ann, "/topics");
  check("/topics lists something", reply.text.length > 20, reply);

  check("no token stands in the log", !program.log().includes(token), "");
  const code = await program.stop();
  check("SIGTERM ends the program with exit code 0", code === 0, String(code));
} catch (e) {
  check("the conversation went on", false, e.stack ?? String(e));
}
await server.stop();
finish(program);
