# akto-okta in a container: docker build -t akto-okta . && docker run --rm -it -v akto-okta:/config akto-okta demo
FROM node:22-slim AS build
WORKDIR /src
COPY . .
RUN npm ci --no-audit --no-fund --ignore-scripts && npm pack --pack-destination /tmp

FROM node:22-slim
COPY --from=build /tmp/akto-okta-*.tgz /tmp/
# There is no keychain in a container, and so nothing for the optional package to reach: secrets lie in a file that nobody else may open.
RUN npm install --global --omit=optional --no-audit --no-fund /tmp/akto-okta-*.tgz && rm /tmp/akto-okta-*.tgz \
  && mkdir /config && chown node:node /config
# hadolint ignore=DL3064
ENV AKTO_OKTA_CONFIG_DIR=/config AKTO_OKTA_SECRETS=file
# The user node, by the number that a cluster can tell from root's.
USER 1000
WORKDIR /home/node
ENTRYPOINT ["akto-okta"]
CMD ["--help"]
