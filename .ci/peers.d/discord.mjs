// node discord.mjs ./footnote: slash commands in every language, buttons and
// completions over discord-digital-twin. It speaks version 10 of the API only,
// takes nothing for a direct message and leaves mentions out of MESSAGE_CREATE, so
// a plain mention cannot be told there; the fake in bot/discord has both.
import { DigitalDiscord } from "discord-digital-twin";
import { hold, languages, limit } from "./conversation.mjs";
import { check, finish, ready, start, until } from "./footnote.mjs";

// What Discord calls the languages of its clients, where it names a country too.
const countries = { en: "en-US", es: "es-ES", pt: "pt-BR", sv: "sv-SE", zh: "zh-CN" };
const locales = Object.fromEntries(languages.map((l) => [l, countries[l] ?? l]));

const twin = new DigitalDiscord({
  guild: { name: "History" },
  channels: [{ name: "general", type: 0 }],
  users: [{ username: "ann" }, ...languages.map((lang) => ({ username: `person_${lang}` }))],
  botUser: { username: "footnote" },
});
await twin.start();

// The twin's people all have clients in American English. What they send passes
// here on its way to the bot, and gets the language of whoever sends it.
const spoken = {}; // locale by the id of the person
const { gateway } = twin.server;
const broadcast = gateway.broadcast.bind(gateway);
gateway.broadcast = (event, data) => {
  const locale = event === "INTERACTION_CREATE" && spoken[data.member?.user.id];
  broadcast(event, locale ? { ...data, locale } : data);
};

const channel = (await twin.prisma.channel.findMany())[0].id;
const endpoint = twin.restUrl.replace(/\/v\d+\/?$/, "").replace(/\/$/, "");
const program = start(process.argv[2], {
  FOOTNOTE_DISCORD_TOKEN: twin.botToken,
  FOOTNOTE_DISCORD_ENDPOINT: endpoint,
  FOOTNOTE_DISCORD_API_VERSION: "10",
  FOOTNOTE_LIMITS_PERSON_PER_MINUTE: String(limit),
  FOOTNOTE_LIMITS_CHAT_PER_MINUTE: "0", // all of them are in one channel
});

const ephemeral = 64;

// outcome waits for what the bot answers to an interaction, wherever it put it:
// into the channel, to the person alone, or in place of the message with the button.
async function outcome(what, { id }) {
  const answered = await until(`a reply to ${what}`, async () => {
    const answer = await twin.channel(channel).getInteractionResponse(id);
    if (!answer?.acknowledged) return null;
    if (answer.type === 4 || answer.type === 7 || answer.type === 8) return answer;
    const message = answer.messageId && (await twin.prisma.message.findUnique({ where: { id: answer.messageId } }));
    return message?.content || JSON.parse(message?.components || "[]").length ? { ...answer, data: { ...message, components: JSON.parse(message.components) } } : null;
  });
  const data = typeof answered.data === "string" ? JSON.parse(answered.data) : answered.data;
  if (answered.type === 8) return data.choices.map(({ name }) => name);
  const components = data.components ?? [];
  const content = data.content || texts(components).join("\n");
  const rows = buttons(components);
  return {
    id: answered.messageId,
    text: read(content, false),
    look: read(content, true),
    note: { 7: "in place of the page before" }[answered.type] ?? (data.flags & ephemeral ? "only this person sees it" : undefined),
    rows,
    buttons: rows.flat(),
  };
}

// texts and buttons are those of a message, which may be made of components: a container (17)
// of texts (10), and of sections (9) with a button beside their texts.
const texts = (components) => components.flatMap((c) => (c.type === 10 ? [c.content] : texts(c.components ?? [])));
const buttons = (components) => components.flatMap((c) => {
  if (c.type === 1) return [c.components];
  return c.accessory?.type === 2 ? [[c.accessory]] : buttons(c.components ?? []);
});

// read is Discord's markdown as its clients show it, with its forms marked if asked.
function read(content, marks) {
  const kept = [];
  const keep = (s) => `\u0000${kept.push(s) - 1}\u0000`;
  return content
    .replace(/\\([^\w\s])/g, (_, c) => keep(c))
    .replace(/`([^`\n]*)`/g, (_, code) => keep(marks ? `\`${code}\`` : code))
    .replace(/<(https?:[^>]*)>/g, (_, address) => keep(address))
    .replace(/^-# /gm, marks ? "~ " : "").replace(/^- /gm, "• ").replace(/^> /gm, marks ? "▌ " : "")
    .replace(/\*\*/g, marks ? keep("**") : "").replace(/\*/g, marks ? "_" : "")
    .replace(/\u0000(\d+)\u0000/g, (_, i) => kept[i]);
}

const simulate = (person, type, data, messageId) => twin.simulateInteraction({ channelId: channel, userId: person, type, data, messageId });
const options = { ask: "question", source: "fact", search: "words", topics: "topic", check: "text", timeline: "series", quiz: "topic" };
const filled = (name, value, focused) => (value ? [{ name: options[name], type: 3, value, ...(focused ? { focused } : {}) }] : []);

// someone is a person whose client is in that language, as a peer of conversation.mjs.
async function someone(username, locale) {
  const { id } = await twin.prisma.user.findFirstOrThrow({ where: { username } });
  spoken[id] = locale;
  return {
    command: async (name, text) => outcome(`/${name}`, await simulate(id, 2, { id: "1", name, type: 1, options: filled(name, text) })),
    press: async (reply, button) => outcome(button.label, await simulate(id, 3, { custom_id: button.custom_id, component_type: 2 }, reply.id)),
    complete: async (name, text) => outcome("typing", await simulate(id, 4, { id: "1", name, type: 1, options: filled(name, text, true) })),
  };
}

try {
  await ready(program);
  await until("the commands to be registered", async () => (await twin.prisma.applicationCommand.findMany()).length >= 5);
  const commands = (await twin.prisma.applicationCommand.findMany()).map((c) => c.name);
  check("/ask and /source are registered", commands.includes("ask") && commands.includes("source"), commands);

  let english;
  for (const lang of languages) {
    const stated = await hold("discord", await someone(`person_${lang}`, locales[lang]), lang, english);
    english ??= stated;
  }

  const ann = await someone("ann", "nl"); // a language that the bot does not speak
  const reply = await ann.command("ask", "What is the boiling point of tungsten?");
  check("what the pack does not hold is declined", reply.text.includes("no sourced answer") && !reply.text.includes("Wikipedia"), reply.text);
  check("a refusal is for the asker alone", reply.note === "only this person sees it", reply.note);

  check("no token stands in the log", !program.log().includes(twin.botToken), "");
  const code = await program.stop();
  check("SIGTERM ends the program with exit code 0", code === 0, String(code));
} catch (e) {
  check("the conversation went on", false, e.stack ?? String(e));
}
await twin.stop();
finish(program);
