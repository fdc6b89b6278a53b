# rectifierd and the rectifier command on a small Debian, for a user without rights; deploy/README.md.
# BASE is any Debian 12: pin it by digest for a release.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS builder
COPY deploy/debian-packages /
RUN apt-get update \
 && awk '$1 == "build" { sub(":.*", "", $2); print $2 }' /debian-packages \
  | xargs apt-get install --yes --no-install-recommends
WORKDIR /source
COPY . .
RUN cmake --preset release -DRECTIFIER_BUILD_TESTS=OFF \
 && cmake --build --preset release --parallel "$(nproc)" --target rectifierd rectifier \
 && strip build/release/bin/rectifierd build/release/bin/rectifier

FROM ${BASE}
COPY deploy/debian-packages /usr/share/rectifier/
RUN apt-get update \
 && awk '$1 == "runtime" { print $2 }' /usr/share/rectifier/debian-packages \
  | xargs apt-get install --yes --no-install-recommends \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/*.log /var/log/apt \
 && install --directory --owner=65532 --group=65532 --mode=0755 /run/rectifier
COPY --from=builder /source/build/release/bin/rectifierd /source/build/release/bin/rectifier /usr/local/bin/

LABEL org.opencontainers.image.title="Rectifier" \
      org.opencontainers.image.description="Batch evaluation of neural-network activation functions over gRPC" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"

# A number, so that Kubernetes can tell that it is not root.
USER 65532:65532
# The unix socket. A caller in another container mounts the same volume.
VOLUME /run/rectifier
EXPOSE 50051 9464
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["rectifierd", "--probe"]
ENTRYPOINT ["rectifierd"]
