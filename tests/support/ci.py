"""Whether this is CI, where everything is installed and nothing may be skipped."""

import os

IN_CI = "CI" in os.environ  # noqa: TID251  CI says so nowhere else
