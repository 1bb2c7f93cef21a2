import { parseArgs } from "node:util";
import { printError, printLine } from "../lib/log.ts";
import { build } from "../lib/testing/server_process.ts";
import { mix, Random } from "../packages/simulator/seeded/random.ts";
import { removeTemplate } from "./chaos/stage_folder.ts";
import type { Fault, Round } from "./chaos/fault.ts";
import { FAULTS } from "./chaos/faults.ts";
import { openMarket } from "./chaos/market.ts";
import { isSound, outcomes, printTable, roundLines } from "./chaos/outcome.ts";
import { playRound } from "./chaos/round.ts";

const HELP = `Breaks wick and what it depends on, and checks that it recovers.

deno task chaos [options]

  --minutes N      play rounds for this long, default 10; a started round is completed
  --rounds N       play every fault N times instead
  --short          one round of a few faults, about a minute, for the gate
  --only A,B       only these faults
  --seed N         repeats the random choices of a run; of one round with --only NAME --rounds 1
  --logs DIR       write wick's output of each round to a file
  --json           print one JSON document instead of lines and a table
  --list           print the faults, their effects and what they show
  --help           print this text

A signal ends the run after the round in progress. After each round the store is compared with the
simulated exchange digit for digit, and every response of /readyz is checked. Exit codes: 0 all checks
passed, 1 a check failed, 2 invalid usage.
`;

interface Command {
  readonly faults: readonly Fault[];
  readonly seed: number;
  readonly minutes: number;
  readonly rounds: number | undefined;
  readonly logs: string | undefined;
  readonly isJson: boolean;
}

const command = readCommand();
const say = command.isJson ? () => {} : printLine;
const skipped = new Map<Fault, string>();
for (const fault of command.faults) {
  const reason = fault.missing?.();
  if (reason !== undefined) skipped.set(fault, reason);
}
const faults = command.faults.filter((fault) => !skipped.has(fault));
await build();
const startedAt = performance.now();
say(`Seed ${command.seed}, ${faults.length} faults, ${describeMachine()}`);
let isOver = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    if (isOver) Deno.exit(1);
    isOver = true; // file systems and servers must be released
    say("Stopping after this round; a second signal ends at once");
  });
}
const rounds = await playAll();
await removeTemplate();
const seconds = Math.round((performance.now() - startedAt) / 1000);
if (command.isJson) {
  printLine(JSON.stringify({ seed: command.seed, seconds, outcomes: outcomes(rounds), rounds }));
} else {
  printTable(rounds, skipped);
  const failed = rounds.filter((round) => !isSound(round)).length;
  say(`${rounds.length} rounds in ${seconds} s, ${failed} failed`);
}
Deno.exit(rounds.every(isSound) ? 0 : 1);

/** Plays all faults in a random order, and then again. */
async function playAll(): Promise<Round[]> {
  const simulator = await openMarket();
  const deadline = performance.now() + command.minutes * 60_000;
  const played: Round[] = [];
  try {
    for (let turn = 0; turn < (command.rounds ?? Infinity); turn++) {
      for (const [index, fault] of shuffled(faults, mix(command.seed, turn)).entries()) {
        const seed = command.rounds === 1 ? command.seed : mix(command.seed, turn, index);
        const round = await playRound(fault, simulator, seed, command.logs);
        roundLines(round).forEach(say);
        played.push(round);
        const isLate = command.rounds === undefined && performance.now() > deadline;
        if (isOver || isLate) return played;
      }
    }
    return played;
  } finally {
    await simulator.stop();
  }
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = new Random(seed);
  const drawn = items.map((item) => ({ item, at: random.next() }));
  return drawn.toSorted((a, b) => a.at - b.at).map(({ item }) => item);
}

function describeMachine(): string {
  const [load = 0] = Deno.loadavg();
  return `${navigator.hardwareConcurrency} cores, load ${load.toFixed(1)}`;
}

function readCommand(): Command {
  const values = parse();
  if (values.help) finish(HELP);
  if (values.list) finish(FAULTS.map(describeFault).join("\n"));
  const faults = values.only === undefined ? FAULTS.filter(isMeant(values.short)) : pick(
    values.only,
  );
  return {
    faults,
    seed: whole("seed", values.seed) ?? Date.now() % 2 ** 31,
    minutes: whole("minutes", values.minutes) ?? 10,
    rounds: whole("rounds", values.rounds) ?? (values.short ? 1 : undefined),
    logs: values.logs,
    isJson: values.json,
  };
}

function parse() {
  try {
    return parseArgs({
      options: {
        minutes: { type: "string" },
        rounds: { type: "string" },
        only: { type: "string" },
        seed: { type: "string" },
        logs: { type: "string" },
        short: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        list: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return refuse((error as Error).message.split("\n")[0]!);
  }
}

/** `sigterm-some` replaces `sigterm-start` in short runs. */
function isMeant(isShort: boolean): (fault: Fault) => boolean {
  return (fault) => isShort ? fault.isShort === true : fault.name !== "sigterm-some";
}

function pick(names: string): Fault[] {
  return names.split(",").map((name) =>
    FAULTS.find((fault) => fault.name === name) ??
      refuse(`--only: there is no fault "${name}"; --list prints them`)
  );
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? Number(text) : refuse(`--${name}: "${text}" is not a whole number`);
}

function describeFault({ name, does, proves }: Fault): string {
  return `${name}\n  does: ${does}\n  proves: ${proves}`;
}

function finish(text: string): never {
  printLine(text);
  Deno.exit(0);
}

function refuse(message: string): never {
  printError(`Cannot read options: ${message}`);
  Deno.exit(2);
}
