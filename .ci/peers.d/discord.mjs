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
  const before = (await said()).length;
  const { id } = await twin.simulateSlashCommand({ ...at, name, options: value ? [{ name: option, type: 3, value }] : [] });
  return until(`a reply to /${name}`, async () => {
    const shown = (await said())[before];
    if (shown && text(shown).length > 60) return shown;
    const response = await twin.channel(channel).getInteractionResponse(id).catch(() => null);
    return response?.data?.content || response?.data?.embeds?.length ? { ...response.data } : null;
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

  check("no token stands in the log", !program.log().includes(twin.botToken), "");
  const code = await program.stop();
  check("SIGTERM ends the program with exit code 0", code === 0, String(code));
} catch (e) {
  check("the conversation went on", false, e.stack ?? String(e));
}
await twin.stop();
finish(program);
