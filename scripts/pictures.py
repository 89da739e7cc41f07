"""Takes docs/map.png, the picture of the README, from a running server: scripts/pictures.py [ADDRESS]."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

TARGET = Path(__file__).resolve().parent.parent / "docs" / "map.png"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
VIEW = "/en?as_of=2016-02-22"
WIDTH, HEIGHT = 1280, 960


def main(address: str) -> None:
    """Save the first view of the nation's page.

    Parameters
    ----------
    address : of the server, such as http://127.0.0.1:8000
    """
    TARGET.parent.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(address.rstrip("/") + VIEW, wait_until="networkidle")
        page.locator("path.region").first.wait_for(state="attached")
        page.screenshot(path=TARGET)
        browser.close()
    print(TARGET)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
