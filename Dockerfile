# One image for every process of Holter; the command chooses which:
#   node dist/apps/<ingest|evaluator|notifier|api|standalone>/src/main.js
# Whether a container is well is asked by who runs it: GET /readyz (see docker-compose.yml).

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY apps apps
COPY libs libs
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
    HOLTER_HOST=0.0.0.0 \
    HOLTER_DATA_DIR=/var/lib/holter
WORKDIR /app
COPY LICENSE package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# Made here, so that a volume that is mounted on it for the first time belongs to the user below.
RUN install --directory --owner=node --group=node --mode=0700 /var/lib/holter
USER node
EXPOSE 8080
CMD ["node", "dist/apps/standalone/src/main.js"]
