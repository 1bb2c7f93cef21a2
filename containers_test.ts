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
}

const dockerfile = Deno.readTextFileSync("Dockerfile");
const compose: {
  services: Record<"wick" | "postgres" | "adminer", Service>;
  volumes: Record<string, unknown>;
} = parse(Deno.readTextFileSync("docker-compose.yml"));
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

Deno.test("what packages weigh stays out of the image: downloads, and those of the tests' clients", () => {
  assert.ok(dockerignore.includes("**/node_modules"));
  const [, downloads] = /export DENO_DIR=(\S+) && deno install --frozen/.exec(dockerfile)!;
  const copied = [...dockerfile.matchAll(/^COPY --from=build (?:--chown=\S+ )?(\S+)/gm)]
    .map(([, path]) => path!);
  assert.ok(copied.includes("/deno-dir"));
  assert.ok(copied.every((path) => !downloads!.startsWith(path)));
});

Deno.test("Compose runs wick, PostgreSQL 18 with a volume, and Adminer on 8080", () => {
  assert.match(postgres.image, /^postgres:18$/);
  assert.deepEqual(postgres.volumes, ["postgres-data:/var/lib/postgresql"]);
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

Deno.test("Compose gives wick variables that there are", () => {
  const ofThePostgresDriver = ["PGUSER", "PGDATABASE", "PGPASSWORD"];
  for (const name of Object.keys(wick.environment)) {
    assert.ok(VARIABLES.includes(name) || ofThePostgresDriver.includes(name), name);
  }
});
