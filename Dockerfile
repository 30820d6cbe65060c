# Entrepot in a container: the frontend, the server with the frontend inside, and an image that holds the server alone.
#
#   docker build -t entrepot .                                    one node, files in a folder
#   docker build -t entrepot --build-arg FEATURES=s3 .            with files in an S3-compatible store
#   docker run --read-only -p 127.0.0.1:8080:8080 -v entrepot-data:/data entrepot serve --demo --insecure-lan

FROM node:22.20.0-bookworm-slim AS frontend
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci
COPY frontend/ ./
RUN npm run build

FROM rust:1.94.0-slim-bookworm AS server
ARG FEATURES=""
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY Cargo.toml Cargo.lock build.rs ./
COPY .cargo/ .cargo/
COPY migrations/ migrations/
COPY benches/ benches/
COPY tests/ tests/
COPY src/ src/
COPY --from=frontend /build/frontend/dist frontend/dist
RUN cargo build --release --locked --bin entrepot --features "$FEATURES" \
    && mkdir -p /out/data && cp target/release/entrepot /out/

FROM debian:bookworm-20250929-slim
COPY --from=server /out/entrepot /usr/local/bin/entrepot
COPY demo/ /usr/share/entrepot/demo/
COPY --from=server --chown=65532:65532 --chmod=700 /out/data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
ENV ENTREPOT_LISTEN=0.0.0.0:8080 \
    ENTREPOT_DATABASE=sqlite:///data/entrepot.db \
    ENTREPOT_FILES=/data/files \
    ENTREPOT_DEMO_DATA=/usr/share/entrepot/demo
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 CMD ["entrepot", "health"]
ENTRYPOINT ["entrepot"]
CMD ["serve"]
