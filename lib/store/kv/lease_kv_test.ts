import assert from "node:assert/strict";
import { hostname } from "node:os";
import { systemClock } from "../../clock.ts";
import { silent } from "../../testing/database/postgres.ts";
import { createBanBoard } from "./ban_kv.ts";
import { createLeases } from "./lease_kv.ts";

const never = new AbortController().signal;

async function withKv(test: (kv: Deno.Kv) => Promise<void>) {
  const kv = await Deno.openKv(":memory:");
  try {
    await test(kv);
  } finally {
    kv.close();
  }
}

Deno.test("hold() runs one job at a time and lets the next one in afterwards", async () => {
  await withKv(async (kv) => {
    const [a, b] = [0, 1].map(() => createLeases({ kv }, systemClock, silent));
    const [entered, inside] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = a!.hold("collect", never, () => {
      entered.resolve();
      return inside.promise;
    });
    await entered.promise;
    let ran = false;
    const work = () => Promise.resolve(void (ran = true));
    assert.equal(await b!.hold("collect", never, work), false);
    assert.equal(ran, false);
    assert.equal(await b!.hold("repair", never, work), true);
    inside.resolve();
    assert.equal(await first, true);
    assert.equal(await b!.hold("collect", never, work), true);
  });
});

Deno.test("hold() releases the lease when the job fails, and rethrows the failure", async () => {
  await withKv(async (kv) => {
    const leases = createLeases({ kv }, systemClock, silent);
    await assert.rejects(
      () => leases.hold("x", never, () => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.equal(await leases.hold("x", never, () => Promise.resolve()), true);
  });
});

Deno.test("hold() takes over from a killed process on this machine", async () => {
  await withKv(async (kv) => {
    const gone = new Deno.Command(Deno.execPath(), { args: ["--version"], stdout: "null" }).spawn();
    await gone.status;
    const holder = { id: "x", pid: gone.pid, machine: hostname(), until: Date.now() + 60_000 };
    await kv.set(["lease", "collect"], holder);
    await kv.set(["lease", "repair"], { ...holder, machine: "elsewhere" });
    const leases = createLeases({ kv }, systemClock, silent);
    assert.equal(await leases.hold("collect", never, () => Promise.resolve()), true);
    assert.equal(await leases.hold("repair", never, () => Promise.resolve()), false);
  });
});

Deno.test("hold() without KV runs the job: jobs may safely run twice", async () => {
  const leases = createLeases({ error: "no KV" }, systemClock, silent);
  assert.equal(await leases.hold("collect", never, () => Promise.resolve()), true);
});

Deno.test("a ban is visible to every instance and survives the one that received it", async () => {
  await withKv(async (kv) => {
    const ban = { until: Date.now() + 60_000, reason: "418" };
    await createBanBoard({ kv }, Date.now).write(ban);
    assert.deepEqual(await createBanBoard({ kv }, Date.now).read(), ban);
  });
});

Deno.test("hold() on a hosted platform fails without KV, and never treats a process of the same name as dead", async () => {
  const options = { isHosted: true };
  const none = createLeases({ error: "Cannot open Deno KV" }, systemClock, silent, options);
  await assert.rejects(
    () => none.hold("collect", never, () => Promise.reject(new Error("it ran"))),
    /Cannot run collect: Cannot open Deno KV/,
  );
  await withKv(async (kv) => {
    const holder = { id: "x", pid: Deno.pid, machine: hostname(), until: Date.now() + 60_000 };
    await kv.set(["lease", "collect"], holder);
    const leases = createLeases({ kv }, systemClock, silent, options);
    assert.equal(await leases.hold("collect", never, () => Promise.resolve()), false);
  });
});
