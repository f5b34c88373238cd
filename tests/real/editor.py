#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""EDITOR of the scripted people: writes what ANSWER_FILE holds into the file."""
import os
import shutil
import sys

shutil.copyfile(os.environ["ANSWER_FILE"], sys.argv[1])
