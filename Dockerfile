# Three stages: the design system, the Python packages, and what runs. The last one has neither npm nor compilers.

FROM node:22-slim AS design
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.12-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r requirements.txt

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH PROMETHEUS_MULTIPROC_DIR=/tmp/metrics PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --create-home portal
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=design /app/node_modules/dkfds /app/node_modules/dkfds
COPY manage.py ./
COPY unilogin_portal unilogin_portal
COPY accounts accounts
COPY institutions institutions
COPY dataagreements dataagreements
COPY reporting reporting
COPY sprogvurdering sprogvurdering
COPY templates templates
COPY static static
COPY locale locale
# Neither step reads a secret or a database; DEBUG stands only in for the settings' refusal to start without secrets.
RUN DEBUG=1 python manage.py messages compile \
 && DEMO=1 python manage.py collectstatic --noinput --ignore scss --verbosity 0 \
 && mkdir -p var/files var/inbox var/mail && chown -R portal var
USER portal
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/sundhed/live', timeout=4)"]
CMD ["gunicorn", "unilogin_portal.wsgi", "--config", "unilogin_portal/gunicorn.py", "--bind", "0.0.0.0:8000"]
