// node discord.mjs ./footnote: slash commands, a mention and a button over
// discord-digital-twin. It speaks version 10 of the API only, takes nothing for a
// direct message and leaves mentions out of MESSAGE_CREATE, so a plain mention
// cannot be told there; the fake in bot/discord has both.
import { DigitalDiscord } from "discord-digital-twin";
import { check, finish, ready, start, until } from "./footnote.mjs";

const twin = new DigitalDiscord({
  guild: { name: "History" },
  channels: [{ name: "general", type: 0 }],
  users: [{ username: "ann" }],
  botUser: { username: "footnote" },
});
await twin.start();
const channel = (await twin.prisma.channel.findMany())[0].id;
const at = { channelId: channel, userId: await twin.getFirstNonBotUserId() };
const endpoint = twin.restUrl.replace(/\/v\d+\/?$/, "").replace(/\/$/, "");
const program = start(process.argv[2], {
  FOOTNOTE_DISCORD_TOKEN: twin.botToken,
  FOOTNOTE_DISCORD_ENDPOINT: endpoint,
  FOOTNOTE_DISCORD_API_VERSION: "10",
});

// What stands in the channel in the bot's name, whole: text, embeds, components.
const said = async () => (await twin.channel(channel).getMessages()).filter((m) => m.author.id === twin.botUserId);
const text = (m) => JSON.stringify({ content: m.content, embeds: m.embeds, components: m.components });

// slash presses Enter on a command and returns what came of it, wherever the bot
// chose to put it: into the channel or to the person alone.
async function slash(name, option, value) {
  const before = await said();
  const { id } = await twin.simulateSlashCommand({ ...at, name, options: value ? [{ name: option, type: 3, value }] : [] });
  return outcome(`/${name}`, id, before);
}

// press presses a button under a message and returns what came of it.
async function press(message, button) {
  const before = await said();
  const { id } = await twin.simulateButtonClick({ ...at, messageId: message.id ?? before.at(-1).id, customId: button.custom_id });
  return outcome(button.label, id, before);
}

async function outcome(what, interaction, before) {
  const old = before.map((m) => m.id + text(m));
  return until(`a reply to ${what}`, async () => {
    const shown = (await said()).find((m) => !old.includes(m.id + text(m)));
    if (shown && text(shown).length > 60) return shown;
    const { data } = (await twin.channel(channel).getInteractionResponse(interaction).catch(() => null)) ?? {};
    return data?.content ? data : null;
  });
}

try {
  await ready(program);
  await until("the commands to be registered", async () => (await twin.prisma.applicationCommand.findMany()).length >= 5);
  const commands = (await twin.prisma.applicationCommand.findMany()).map((c) => c.name);
  check("/ask and /source are registered", commands.includes("ask") && commands.includes("source"), commands);

  let reply = await slash("ask", "question", "When did Khrushchev denounce Stalin?");
  check("a question is answered", text(reply).includes("1956"), text(reply));
  check("with its citation", text(reply).includes("Neo-Stalinism"), text(reply));

  reply = await slash("source");
  check("/source gives the full citation", text(reply).includes("Wikipedia"), text(reply));

  reply = await slash("ask", "question", "What is the boiling point of tungsten?");
  check("what the pack does not hold is declined", text(reply).includes("no sourced answer") && !text(reply).includes("Wikipedia"), text(reply));

  reply = await slash("ask", "question", "When was Stalin born?");
  check("a near miss is declined too", text(reply).includes("no sourced answer") && !text(reply).includes("Wikipedia"), text(reply));

  const choices = await slash("search", "words", "Khrushchev");
  const keys = (choices.components ?? []).flatMap((row) => row.components ?? []);
  check("a search offers its results as buttons", keys.length >= 2, text(choices));
  reply = await press(choices, keys[0]);
  check("a pressed button is answered with a citation", text(reply).includes("Wikipedia"), text(reply));

  const typed = await twin.simulateInteraction({ ...at, type: 4, data: { id: "1", name: "ask", type: 1, options: [{ name: "question", type: 3, value: "khrush", focused: true }] } });
  const offered = await until("completions", async () => (await twin.channel(channel).getInteractionResponse(typed.id).then((r) => r?.data, () => null)));
  check("typing is completed from the pack", JSON.stringify(offered).includes("Khrushchev"), offered);

  check("no token stands in the log", !program.log().includes(twin.botToken), "");
  const code = await program.stop();
  check("SIGTERM ends the program with exit code 0", code === 0, String(code));
} catch (e) {
  check("the conversation went on", false, e.stack ?? String(e));
}
await twin.stop();
finish(program);
