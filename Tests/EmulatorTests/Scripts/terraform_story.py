"""Applies a cluster and an HSM with Terraform's AWS provider, plans again, and destroys."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

url, terraform, plugins = sys.argv[1:4]
folder = Path(tempfile.mkdtemp())
(folder / "terraform.rc").touch()
(folder / "main.tf").write_text(f"""
terraform {{
  required_providers {{
    aws = {{ source = "hashicorp/aws" }}
  }}
}}

provider "aws" {{
  region     = "us-east-1"
  access_key = "AKIDSTRONGROOMEMULATOR"
  secret_key = "this-development-key-is-in-no-way-secret"
  endpoints {{
    cloudhsmv2 = "{url}"
    sts        = "{url}"
  }}
}}

resource "aws_cloudhsm_v2_cluster" "payments" {{
  hsm_type   = "hsm2m.medium"
  mode       = "FIPS"
  subnet_ids = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]
  tags       = {{ env = "prod" }}
}}

resource "aws_cloudhsm_v2_hsm" "first" {{
  cluster_id = aws_cloudhsm_v2_cluster.payments.cluster_id
  subnet_id  = "subnet-0a1b2c3d"
}}
""")


def run(*words, good=(0,)):
    ended = subprocess.run(
        [terraform, *words], cwd=folder, capture_output=True, text=True,
        # Nobody's own settings count, and a file that is named and missing stops Terraform.
        env={**os.environ, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1",
             "TF_CLI_CONFIG_FILE": str(folder / "terraform.rc")},
    )
    if ended.returncode not in good:
        raise SystemExit(f"terraform {' '.join(words)}: {ended.returncode}\n{ended.stdout}{ended.stderr}")
    return ended


try:
    run("init", "-input=false", "-no-color", f"-plugin-dir={plugins}")
    run("apply", "-input=false", "-no-color", "-auto-approve")
    run("plan", "-input=false", "-no-color", "-detailed-exitcode")
    run("destroy", "-input=false", "-no-color", "-auto-approve")
    print("applied, nothing to change, destroyed")
finally:
    shutil.rmtree(folder)
