// @ts-types="@types/pg"
import pg from "pg";
import { refusal } from "./pg_parameters.ts";
import type { Candidate, PgTarget } from "./pg_target.ts";

/** The driver's configuration of a connection to `candidate`: complete, so that it looks up nothing. */
export function clientConfig(target: PgTarget, candidate: Candidate) {
  const { host, port, name, tls } = candidate;
  // The certificate is checked against the name, also where an address is connected to.
  const checked = name !== undefined && name !== host ? { host: name, servername: name } : {};
  return {
    host,
    port,
    user: target.user,
    database: target.database,
    password: () => target.password(candidate),
    ssl: tls === false ? false : { ...tls, ...checked },
    sslnegotiation: target.isDirectTls && tls !== false ? "direct" as const : "postgres" as const,
    client_encoding: "utf8",
    application_name: target.applicationName,
    enableChannelBinding: target.channelBinding !== "disable" && tls !== false,
  };
}

/** What the driver's client has beyond its types. */
export interface Internals {
  readonly connection: {
    readonly stream: { destroy(): void };
    emit(event: "error", error: Error): void;
  };
  connect(callback: (error: Error | undefined) => void): void;
  _handleAuthSASL(message: { mechanisms: readonly string[] }): void;
  _handleAuthCleartextPassword(): void;
  _handleAuthMD5Password(message: unknown): void;
}

const UNBOUND = refusal(
  "the server does not offer channel binding, which channel_binding=require asks for",
);

const Base = pg.Client as unknown as new (config: unknown) => Internals;

/**
 * A client class for connections to `target`. The driver fills what its configuration leaves out from
 * the variables of the process (`PGOPTIONS`, `PGREPLICATION` …); this one sends exactly what `target`
 * has.
 */
export function clientClass(target: PgTarget): new (config: unknown) => Internals {
  const isBound = target.channelBinding === "require";
  return class extends Base {
    #usesBinding = false;

    getStartupConf(): Record<string, string> {
      const { user, database, applicationName, options } = target;
      return {
        user,
        database,
        application_name: applicationName,
        client_encoding: "UTF8",
        ...options === undefined ? {} : { options },
      };
    }

    /** The driver leaves the socket open where connecting fails on our side, and the server waits. */
    override connect(callback: (error: Error | undefined) => void): void {
      super.connect((error) => {
        // A server that trusts us asks for no authentication at all.
        const problem = error ?? (isBound && !this.#usesBinding ? UNBOUND : undefined);
        if (problem) this.connection.stream.destroy();
        callback(problem);
      });
    }

    override _handleAuthSASL(message: { mechanisms: readonly string[] }): void {
      this.#usesBinding = message.mechanisms.includes("SCRAM-SHA-256-PLUS");
      if (isBound && !this.#usesBinding) this.#refuse();
      else super._handleAuthSASL(message);
    }

    override _handleAuthCleartextPassword(): void {
      if (isBound) this.#refuse();
      else super._handleAuthCleartextPassword();
    }

    override _handleAuthMD5Password(message: unknown): void {
      if (isBound) this.#refuse();
      else super._handleAuthMD5Password(message);
    }

    #refuse(): void {
      this.connection.emit("error", UNBOUND);
    }
  };
}
