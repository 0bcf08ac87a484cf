# What CI runs the steps of a policy repository in (scripts/gitops): countersign, git, and OPA and Regal as pinned here.
# docker build --file scripts/docker/tools.Dockerfile --tag <registry>/countersign-tools .
FROM golang:1.26-bookworm AS parts
ENV CGO_ENABLED=0
COPY scripts/tools /tools
WORKDIR /tools/opa
RUN go build -trimpath -mod=readonly -ldflags='-s -w' -o /parts/opa github.com/open-policy-agent/opa
WORKDIR /tools/regal
RUN version=$(go list -m -f '{{.Version}}' github.com/open-policy-agent/regal) \
  && go build -trimpath -mod=readonly \
    -ldflags="-s -w -X github.com/open-policy-agent/regal/pkg/version.Version=${version#v}" \
    -o /parts/regal github.com/open-policy-agent/regal

FROM node:26-bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/countersign
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional && npm cache clean --force
COPY bundles ./bundles
COPY rego ./rego
COPY scripts ./scripts
COPY service ./service
COPY test/golden ./test/golden
COPY --from=parts /parts/ /usr/local/bin/
RUN chmod +x scripts/countersign.js && ln -s /opt/countersign/scripts/countersign.js /usr/local/bin/countersign
WORKDIR /work
