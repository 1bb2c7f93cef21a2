import assert from "node:assert/strict";
import { validate, ValidationSeverity } from "dockerfile-utils";
import { parse } from "yaml";
import { VARIABLES } from "./lib/config.ts";

interface Service {
  readonly image: string;
  readonly environment: Record<string, string>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Record<string, { readonly condition: string }>;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly ulimits?: { readonly nofile?: number };
  readonly user?: string;
}

const dockerfile = Deno.readTextFileSync("Dockerfile");
const compose: {
  services: Record<"wick" | "postgres" | "adminer", Service>;
  volumes: Record<string, unknown>;
} = parse(Deno.readTextFileSync("docker-compose.yml"), { merge: true });
const { wick, postgres, adminer } = compose.services;
const gitignore = Deno.readTextFileSync(".gitignore").split("\n");
const dockerignore = Deno.readTextFileSync(".dockerignore").split("\n");

Deno.test("the Dockerfile has no mistake that a linter knows, and would notice one", () => {
  const strict = { deprecatedMaintainer: ValidationSeverity.ERROR };
  assert.deepEqual(validate(dockerfile, strict), []);
  assert.notDeepEqual(validate("FROM scratch\nCOPPY a b\n", strict), []);
});

Deno.test("the image runs the Deno that everything else runs, not as root, with a healthcheck", () => {
  const versions = [...dockerfile.matchAll(/denoland\/deno:(?:bin-)?([\d.]+)/g)];
  const [, gate] = /deno@([\d.]+)/.exec(Deno.readTextFileSync(".ci/run"))!;
  assert.deepEqual(versions.map((match) => match[1]), [gate, gate]);
  assert.match(dockerfile, /^FROM gcr\.io\/distroless\/cc-debian12:nonroot$/m);
  assert.doesNotMatch(dockerfile, /^USER root/m);
  assert.match(dockerfile, /^HEALTHCHECK /m);
});

Deno.test("the image contains neither package downloads nor the packages of the tests' clients", () => {
  assert.ok(dockerignore.includes("**/node_modules"));
  const [, downloads] =
    /export DENO_DIR=(\S+) \\\n && deno run -A --no-config --no-lock install\.ts/.exec(dockerfile)!;
  const copied = [...dockerfile.matchAll(/^COPY --from=build (?:--chown=\S+ )?(\S+)/gm)]
    .map(([, path]) => path!);
  assert.ok(copied.includes("/deno-dir"));
  assert.ok(copied.every((path) => !downloads!.startsWith(path)));
});

Deno.test("Compose runs wick, PostgreSQL 18 with a volume, and Adminer on 8080", () => {
  assert.match(postgres.image, /^postgres:18\./);
  assert.equal(postgres.volumes?.[0], "postgres-data:/var/lib/postgresql");
  assert.deepEqual(wick.volumes, ["wick-data:/data"]);
  assert.deepEqual(Object.keys(compose.volumes).sort(), ["postgres-data", "wick-data"]);
  assert.deepEqual(adminer.ports, ["127.0.0.1:8080:8080"]);
  assert.equal(postgres.ports, undefined, "the database is for the others alone");
  for (const service of [wick, adminer]) {
    assert.equal(service.depends_on?.["postgres"]?.condition, "service_healthy");
  }
});

Deno.test("credentials come from .env, which neither git nor the image gets", () => {
  for (
    const password of [wick.environment["PGPASSWORD"], postgres.environment["POSTGRES_PASSWORD"]]
  ) {
    assert.equal(password, "${POSTGRES_PASSWORD:?set it in .env}");
  }
  assert.match(Deno.readTextFileSync(".env.example"), /^POSTGRES_PASSWORD=/m);
  assert.ok(gitignore.includes(".env"));
  assert.ok(dockerignore.includes(".env"));
});

Deno.test("no example has a password that works", () => {
  const example = Deno.readTextFileSync(".env.example");
  assert.match(example, /^POSTGRES_PASSWORD=$/m, "Compose refuses an empty one");
  assert.match(Deno.readTextFileSync("ops/postgres/10-roles.sh"), /= change-me \]; then/);
});

Deno.test("every service runs without capabilities, on a read-only disk, within limits", () => {
  for (const [name, service] of Object.entries(compose.services)) {
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ["ALL"], name);
    assert.deepEqual(service.security_opt, ["no-new-privileges:true"], name);
    assert.match(service.mem_limit ?? "", /^\d+[mg]$/, name);
    assert.ok(service.pids_limit! > 0 && service.ulimits!.nofile! > 0, name);
  }
  assert.equal(postgres.user, "postgres");
});

Deno.test("images have an exact tag, and ops/pin-images adds the digest that the registry gives", async () => {
  assert.match(adminer.image, /^adminer:\d+\.\d+\.\d+(@sha256:[0-9a-f]{64})?$/);
  assert.match(postgres.image, /^postgres:18\.\d+(@sha256:[0-9a-f]{64})?$/);
  const project = await Deno.makeTempDir({ prefix: "wick-pin-" });
  try {
    for (const folder of ["ops", "bin"]) await Deno.mkdir(`${project}/${folder}`);
    for (const file of ["Dockerfile", "docker-compose.yml", "ops/pin-images"]) {
      await Deno.copyFile(file, `${project}/${file}`);
    }
    // Stands in for the registry: one digest for each run.
    const docker = `${project}/bin/docker`;
    for (const digit of ["a", "b"]) {
      await Deno.writeTextFile(docker, `#!/bin/sh\necho sha256:${digit.repeat(64)}\n`);
      await Deno.chmod(docker, 0o755);
      const { success } = await new Deno.Command("sh", {
        args: [`${project}/ops/pin-images`],
        env: { PATH: `${project}/bin:${Deno.env.get("PATH")}` },
        stdout: "null",
      }).output();
      assert.ok(success);
      const pinned = ["Dockerfile", "docker-compose.yml"]
        .map((file) => Deno.readTextFileSync(`${project}/${file}`)).join("\n");
      assert.equal(pinned.match(new RegExp(`@sha256:${digit}{64}( |$)`, "gm"))?.length, 5);
      assert.equal(pinned.match(/@sha256:/g)?.length, 5);
      assert.deepEqual(validate(Deno.readTextFileSync(`${project}/Dockerfile`)), []);
    }
  } finally {
    await Deno.remove(project, { recursive: true });
  }
});

Deno.test("Compose gives wick variables that there are", () => {
  const ofThePostgresDriver = ["PGUSER", "PGDATABASE", "PGPASSWORD"];
  for (const name of Object.keys(wick.environment)) {
    assert.ok(VARIABLES.includes(name) || ofThePostgresDriver.includes(name), name);
  }
});
