# rectifierd and the rectifier command on a small Debian, for a user without rights; deploy/README.md.
# BASE is any Debian 12: pin it by digest for a release. With the newer generation of gRPC it is built by
#   docker build --build-arg BASE=debian:unstable-slim --build-arg RUNTIME=newer-runtime .
ARG BASE=debian:bookworm-slim
ARG RUNTIME=runtime
ARG MIRROR=http://deb.debian.org/debian

FROM ${BASE} AS builder
ARG RUNTIME
ARG MIRROR
COPY deploy/debian-packages deploy/newer-grpc /
RUN if [ "$RUNTIME" = newer-runtime ]; then /newer-grpc "$MIRROR"; fi \
 && apt-get update \
 && awk '$1 == "build" && $2 !~ /^libflint/ { sub(":.*", "", $2); print $2 }' /debian-packages \
  | xargs apt-get install --yes --no-install-recommends
WORKDIR /source
COPY . .
RUN cmake --preset release -DRECTIFIER_BUILD_TESTS=OFF \
 && cmake --build --preset release --parallel "$(nproc)" --target rectifierd rectifier \
 && strip build/release/bin/rectifierd build/release/bin/rectifier

FROM ${BASE}
ARG RUNTIME
ARG MIRROR
COPY deploy/debian-packages deploy/newer-grpc /usr/share/rectifier/
RUN if [ "$RUNTIME" = newer-runtime ]; then /usr/share/rectifier/newer-grpc "$MIRROR"; fi \
 && apt-get update \
 && awk -v group="$RUNTIME" '$1 == group { print $2 }' /usr/share/rectifier/debian-packages \
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
