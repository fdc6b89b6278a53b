# rectifierd and the rectifier command with the libraries that they load, for a user without rights, on a
# root that is only read. deploy/README.md tells how to run it, deploy/image/README.md how it is made.
#   docker build .                      the image
#   docker build --target test .        tests, in the Debian that it is built in
#   docker build --target packages .    the Debian packages, and nothing else
# BASE is Debian 12 or newer: pin it by digest for a release. GRPC=newer takes gRPC of Debian's experimental,
# with a BASE of unstable.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS builder
ARG GRPC=stable
ARG MIRROR=http://deb.debian.org/debian
COPY deploy/debian-packages deploy/newer-grpc /
# What apt downloads and ccache compiles outlives the layers, and is in none of them. Headers that are
# compiled beforehand would keep ccache from knowing sources again.
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt,sharing=locked \
    rm -f /etc/apt/apt.conf.d/docker-clean \
 && if [ "$GRPC" = newer ]; then /newer-grpc "$MIRROR"; fi \
 && apt-get update \
 && awk '($1 == "build" || $1 == "image") && $2 !~ /^lib(flint|gtest|gmock)/ { sub(":.*", "", $2); print $2 }' \
    /debian-packages | xargs apt-get install --yes --no-install-recommends
WORKDIR /source
COPY CMakeLists.txt CMakePresets.json CHANGELOG.md ./
COPY core core
COPY proto proto
COPY server server
COPY client/cpp client/cpp
COPY client/explorer/dist client/explorer/dist
COPY client/python client/python
COPY deploy/package deploy/package
COPY deploy/systemd deploy/systemd
# Further options of CMake, such as -DRECTIFIER_DISABLED_TARGETS=..., and the time of a release.
ARG CMAKE_OPTIONS=
ARG SOURCE_DATE_EPOCH=
ENV CCACHE_DIR=/ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
RUN --mount=type=cache,target=/ccache \
    if [ -z "$SOURCE_DATE_EPOCH" ]; then unset SOURCE_DATE_EPOCH; fi \
 && eval "set -- $CMAKE_OPTIONS" \
 && cmake --preset release -DRECTIFIER_BUILD_TESTS=OFF -DRECTIFIER_PRECOMPILE=OFF \
    -DCMAKE_INSTALL_PREFIX=/usr "$@" \
 && cmake --build --preset release --parallel "$(nproc)"

FROM builder AS test
ARG TESTS='^(golden|bits|engine|server|integration)_test$'
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt,sharing=locked \
    apt-get update \
 && awk '$1 == "build" && $2 ~ /^lib(flint|gtest|gmock)/ { print $2 }' /debian-packages \
  | while read -r name; do if apt-cache show "$name" >/dev/null 2>&1; then echo "$name"; fi; done \
  | xargs apt-get install --yes --no-install-recommends python3 openssl
COPY tests tests
RUN --mount=type=cache,target=/ccache \
    cmake --preset release -DRECTIFIER_BUILD_TESTS=ON -DRECTIFIER_PRECOMPILE=OFF \
 && awk -v tests="$TESTS" '$1 ~ tests { for (i = 2; i <= NF; ++i) print $i }' build/release/tests.txt \
  | xargs cmake --build --preset release --parallel "$(nproc)" --target \
 && ctest --preset release --no-tests=error --tests-regex "$TESTS"

FROM builder AS packaged
ARG SOURCE_DATE_EPOCH=
RUN if [ -z "$SOURCE_DATE_EPOCH" ]; then unset SOURCE_DATE_EPOCH; fi \
 && cd build/release && cpack -G DEB -B /packages && rm -rf /packages/_CPack_Packages

FROM scratch AS packages
COPY --from=packaged /packages /

FROM builder AS root
COPY deploy/image/minimal-root /
RUN mkdir /programs && cp build/release/bin/rectifierd build/release/bin/rectifier /programs \
 && strip /programs/* && /minimal-root /root-file-system /programs/*
COPY LICENSE /root-file-system/usr/share/doc/rectifier/copyright

FROM scratch
COPY --from=root /root-file-system /
ARG BASE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Rectifier" \
      org.opencontainers.image.description="Batch evaluation of neural-network activation functions over gRPC" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${BASE}" \
      org.opencontainers.image.licenses="Apache-2.0"

# A number, so that Kubernetes can tell that it is not root.
USER 65532:65532
# The unix socket. A caller in another container mounts the same volume.
VOLUME /run/rectifier
# gRPC, HTTP and metrics, where --listen, --http_listen and --metrics_listen name them.
EXPOSE 50051 8080 9464
# SIGTERM makes the server drain.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["rectifierd", "--probe"]
ENTRYPOINT ["rectifierd"]
