# akto-okta in a container: docker build -t akto-okta . && docker run --rm -it -v akto-okta:/config akto-okta demo
FROM node:22-slim AS build
WORKDIR /src
COPY . .
RUN npm ci --no-audit --no-fund --ignore-scripts && npm run build && npm pack --ignore-scripts --pack-destination /tmp

FROM node:22-slim
COPY --from=build /tmp/akto-okta-*.tgz /tmp/
RUN npm install --global --no-audit --no-fund /tmp/akto-okta-*.tgz && rm /tmp/akto-okta-*.tgz \
  && mkdir /config && chown node:node /config
# There is no keychain in a container: secrets lie in a file that nobody else may open.
ENV AKTO_OKTA_CONFIG_DIR=/config AKTO_OKTA_SECRETS=file
USER node
WORKDIR /home/node
ENTRYPOINT ["akto-okta"]
CMD ["--help"]
