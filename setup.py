"""Packaging: flat top-level packages, data files beside the code, extras for Airflow and development.

Loose requirements live here; the exact, hashed versions that `make setup` installs live in `requirements/`.
"""

from setuptools import find_packages, setup

PACKAGES = ["features", "jobs", "models", "reports", "simulator", "warehouse"]

AIRFLOW = [
    "apache-airflow>=3.3,<3.4",
    "apache-airflow-providers-standard",
]
DEVELOPMENT = [
    "aiosmtpd",
    "build",
    "cryptography",
    "datasketch",
    "deltalake",
    "html5lib",
    "hypothesis",
    "import-linter",
    "ipykernel",
    "jieba",
    "mypy",
    "nbclient",
    "nbformat",
    "pandas-stubs<3",
    "polars",
    "psycopg[binary]",
    "pytest",
    "pytest-xdist",
    "ruff",
    "statsmodels",
    "types-PyYAML",
]

setup(
    name="complaint-radar",
    version="0.1.0",
    description="Early warning from consumer complaints: ingestion, text analysis, detection and reports for 12315 hotlines",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=find_packages(include=[name for root in PACKAGES for name in (root, f"{root}.*")]),
    package_data={
        "reports": ["templates/*"],
        "simulator": ["world/*.yml", "world/*.csv", "world/products/*.yml"],
        "warehouse": ["quality/templates/*", "*.yml", "**/*.yml", "**/*.csv", "**/*.txt", "jars.lock"],
    },
    install_requires=[
        "chinesecalendar>=1.11",
        "delta-spark==4.4.0",
        "filelock",
        "great-expectations>=1.24,<1.25",
        "jinja2",
        "matplotlib",
        "numpy",
        "openpyxl",
        "pandas>=2.2,<3",
        "pyarrow>=18",
        "pydantic>=2.8",
        "pyspark==4.2.0",
        "pyyaml",
        "rapidfuzz",
        "rich",
        "rjieba==0.2.2",
        "scikit-learn",
        "scipy",
        "typer",
        "xlsxwriter",
    ],
    extras_require={"airflow": AIRFLOW, "dev": DEVELOPMENT},
    entry_points={"console_scripts": ["radar=jobs.cli:main"]},
)
