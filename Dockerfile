# The server with nothing but what it needs at run time. docs/operations/docker.md explains it.

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
# The commit that `lienthong --version` tells; the folder with the history is not part of the build context.
ARG COMMIT=unknown
RUN LIENTHONG_COMMIT="$COMMIT" cargo build --release --locked --package lienthong-server

FROM debian:bookworm-slim
# A fixed number, so that the owner of a volume does not depend on the image's list of users.
RUN groupadd --gid 10001 lienthong \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin lienthong \
    && install --directory --owner=lienthong --group=lienthong --mode=0750 /data
COPY --from=build /src/target/release/lienthong /usr/local/bin/lienthong
ENV LIENTHONG_DATA=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["lienthong", "healthcheck"]
ENTRYPOINT ["lienthong"]
CMD ["serve", "--listen", "0.0.0.0:8080", "--data", "/data"]
