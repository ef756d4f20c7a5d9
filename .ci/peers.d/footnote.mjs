// What the conversations share: the program under test, waiting, and counting.
import { spawn } from "node:child_process";

// start runs "footnote serve" with settings from the environment alone.
export function start(binary, settings) {
  const child = spawn(binary, ["serve"], {
    env: { PATH: process.env.PATH, FOOTNOTE_LOG_LEVEL: "debug", FOOTNOTE_STATE: "./state", ...settings },
    stdio: ["ignore", "inherit", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (chunk) => { log += chunk; });
  const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve(code ?? signal)));
  process.on("exit", () => child.kill("SIGKILL"));
  return {
    log: () => log,
    stop: async () => { child.kill("SIGTERM"); return ended; },
  };
}

// ready waits until the program has read its packs and goes on to connect.
export const ready = (program) => until("the packs to be indexed", () => program.log().includes("pack loaded"), 180);

// until waits for something to become true and returns it.
export async function until(what, get, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await get();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

let passed = 0, failed = 0;

// check counts one expectation.
export function check(name, ok, seen) {
  if (ok) {
    passed++;
    console.log(`ok   ${name}`);
  } else {
    failed++;
    console.log(`FAIL ${name}\n     ${typeof seen === "string" ? seen : JSON.stringify(seen)}`);
  }
}

// finish prints the count and ends the process.
export function finish(program) {
  if (failed) console.log(program.log());
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}
