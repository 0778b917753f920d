# Built with a JDK, run on a JRE by a user without rights:
#
#   docker build -t mediaferry .
#   docker run --rm mediaferry demo --once
#   docker run -v "$PWD:/config:ro" -v mediaferry:/var/lib/mediaferry --env-file .env \
#     -e MEDIAFERRY_CONSOLE_USERS_FILE=/config/users -p 127.0.0.1:8077:8077 mediaferry

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN mvn -q -B -Dmaven.test.skip=true package

FROM eclipse-temurin:25-jre
# Films are read and made smaller with ffmpeg, HEIC and AVIF pictures with libheif. What nothing is made of can be left out.
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ffmpeg util-linux \
    libheif-examples libheif-plugin-libde265 libheif-plugin-aomdec \
 && rm -rf /var/lib/apt/lists/*
# The home is the only place that is written to, and embedded PostgreSQL refuses to run as root.
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/mediaferry --shell /usr/sbin/nologin mediaferry \
 && install -d -o mediaferry -g mediaferry /opt/mediaferry/target /config
WORKDIR /opt/mediaferry
COPY --from=build --chown=mediaferry:mediaferry /src/target/mediaferry.jar target/
COPY --from=build --chown=mediaferry:mediaferry /src/target/lib target/lib/
COPY --from=build /src/mediaferry /src/application.properties /src/registry.yaml /src/registry.schema.json ./
COPY --from=build /src/routes routes/

# Makes the AOT cache, which only serves the very Java that made it, and tries the image out by the way.
USER mediaferry
RUN ./mediaferry demo --once --set mediaferry.home=/tmp/demo && rm -rf /tmp/demo

# Inside, all addresses: what reaches the port is decided by how it is published. So the start asks for a users file (docs/console.md).
ENV MEDIAFERRY_HOME=/var/lib/mediaferry \
    MEDIAFERRY_SERVER_HOST=0.0.0.0
VOLUME /var/lib/mediaferry
# application.properties and registry.yaml are looked for here; the samples beside the launcher serve where there are none.
WORKDIR /config
EXPOSE 8077

# A JRE image has bash, but not always curl.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/${MEDIAFERRY_SERVER_PORT:-8077} && printf 'GET /observe/health/live HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]

ENTRYPOINT ["/opt/mediaferry/mediaferry"]
CMD ["run"]
