"""Runs the linkcodec command."""
import json
import os
import shutil
import subprocess

import data

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def find(given=""):
    """The command as a list of words: what was given, or what was built here, or what is installed."""
    if given:
        return given.split()
    built = os.path.abspath(os.path.join(ROOT, "tools/LinkCodec.Tool/bin/Release/net10.0/LinkCodec.Tool.dll"))
    if os.path.exists(built):
        return ["dotnet", built]
    installed = shutil.which("linkcodec")
    return [installed] if installed else data.fail("there is no linkcodec command: run ./build first, or give it with --linkcodec")


def run(linkcodec, *arguments):
    """Runs it, with its output shown; a failure ends the program after the command's own line."""
    if subprocess.call(linkcodec + list(arguments)):
        data.fail("linkcodec %s did not succeed" % " ".join(arguments[:2]))


def run_json(linkcodec, *arguments):
    """Runs it and returns the object that it prints."""
    done = subprocess.run(linkcodec + list(arguments), stdout=subprocess.PIPE)
    if done.returncode:
        data.fail("linkcodec %s did not succeed" % arguments[0])
    return json.loads(done.stdout)
