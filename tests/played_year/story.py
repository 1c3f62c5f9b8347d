"""What happens in the year, day by day. `Year.play` plays every day and every night's audit.

| day | what happens |
|--:|---|
| 0 | a register is created; two shelves are adopted |
| 10 | the first shelf is copied to a mirror |
| 40 | a third shelf arrives |
| 60 | a bit of a package of the first shelf flips: **damage 1** |
| 80 | a package of the second shelf loses a file: **damage 2**; there is no copy of it |
| 100 | a package of the first shelf is replaced by another: **damage 3** |
| 140 | damages 1 and 3 are repaired from the mirror |
| 170 | the disk of the third shelf is lost |
| 200 | it comes back in another folder |
| 220 | a package is moved to another shelf, and nobody says so |
| 250 | its new place is registered |
| 270 | ten packages are handed over to another custodian |
| 290 | three packages are withdrawn |
| 320 | a package appears that nobody registered |
| 364 | the last night, and the report |
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from command_line import archtool
from played_year.archive import Archive, flip_byte, lose_file, name_of, replace_package

DAYS = 365
_NOON, _NIGHT = 12, 22


class Year:
    """The year with so many packages, of which each night's audit checks a share."""

    def __init__(
        self, archive: Archive, packages: int, *, days: int = DAYS, nights_for_all: int = 30
    ) -> None:
        self.archive, self.days = archive, days
        self.share = f"1/{nights_for_all}"
        third = packages // 3
        self.first, self.second, self.third = (
            range(third),
            range(third, 2 * third),
            range(2 * third, 3 * third),
        )
        self.flipped, self.replaced, self.moved = (self.first[at] for at in (1, 2, 3))
        self.incomplete = self.second[1]
        self.handed_over = [*self.first[-5:], *self.second[-5:]]
        self.withdrawn = [self.third[at] for at in (0, 1, 2)]
        self.custodian = "State archive"
        self._days: Mapping[int, Callable[[], None]] = {
            day * days // DAYS: step
            for day, step in {
                0: self.begin, 10: self.copy_first_shelf, 40: self.third_shelf_arrives, 60: self.bit_flips,
                80: self.file_is_lost, 100: self.package_is_replaced, 140: self.repair_from_the_mirror,
                170: self.disk_is_lost, 200: self.disk_comes_back, 220: self.package_is_moved,
                250: self.new_place_is_registered, 270: self.hand_over, 290: self.withdraw,
                320: self.stranger_appears,
            }.items()
        }  # fmt: skip
        self.last_output = ""

    def play(self) -> None:
        """Play all days and nights."""
        for day in range(self.days):
            self.archive.clock.move_to(day, _NOON)
            if day in self._days:
                self._days[day]()
            self.archive.clock.move_to(day, _NIGHT)
            self.last_output = self.archive.audit("--subset", self.share).out

    def place(self, shelf: str, number: int) -> Path:
        """Return the place of a package on a shelf."""
        return self.archive.shelf(shelf) / name_of(number)

    def begin(self) -> None:
        """Create the register, and adopt two shelves."""
        self.archive.pack("first", self.first)
        self.archive.pack("second", self.second)
        command = (
            "holdings",
            "init",
            self.archive.register,
            "--archive",
            "City archive",
            "--check-every",
            "90",
        )
        assert archtool(*command).code == 0
        for shelf in ("first", "second"):
            self._adopt(shelf)

    def _adopt(self, shelf: str) -> None:
        self.archive.do("holdings", "adopt", self.archive.shelf(shelf), "--agent", "Jane Doe")

    def copy_first_shelf(self) -> None:
        """Register a second copy of each package of the first shelf."""
        shutil.copytree(self.archive.shelf("first"), self.archive.shelf("mirror"))
        self._adopt("mirror")

    def third_shelf_arrives(self) -> None:
        """Register packages that arrived later."""
        self.archive.pack("third", self.third)
        self._adopt("third")

    def bit_flips(self) -> None:
        """Damage 1: a disk returns another bit than was written."""
        flip_byte(self.place("first", self.flipped))

    def file_is_lost(self) -> None:
        """Damage 2: somebody deletes a file. No other copy exists."""
        lose_file(self.place("second", self.incomplete))

    def package_is_replaced(self) -> None:
        """Damage 3: a valid package lies under the name of another one."""
        replace_package(self.place("first", self.replaced), self.place("second", self.second[2]))

    def repair_from_the_mirror(self) -> None:
        """Restore what the mirror has. Both faults must have been found by now."""
        for number in (self.flipped, self.replaced):
            assert self.archive.state_of(self.place("first", number)) == "changed"
            self.archive.do("repair", name_of(number), "--apply", "--agent", "Jane Doe")
        assert self.archive.state_of(self.place("second", self.incomplete)) in ("missing", "changed")

    def disk_is_lost(self) -> None:
        """The disk of the third shelf is not there."""
        self.archive.shelf("third").rename(self.archive.folder / "unplugged")

    def disk_comes_back(self) -> None:
        """The disk is mounted in another folder."""
        old, new = self.archive.shelf("third"), self.archive.shelf("third-again")
        (self.archive.folder / "unplugged").rename(new)
        self.archive.do("holdings", "shelf", "move", old, new, "--agent", "R. Roe")

    def package_is_moved(self) -> None:
        """Somebody tidies up, and does not say so."""
        self.place("first", self.moved).rename(self.place("second", self.moved))

    def new_place_is_registered(self) -> None:
        """The audit said where the package is; now the register says so too."""
        assert self.archive.state_of(self.place("first", self.moved)) == "moved"
        old, new = self.place("first", self.moved), self.place("second", self.moved)
        self.archive.do("holdings", "move", name_of(self.moved), new, "--from", old, "--agent", "R. Roe")

    def hand_over(self) -> None:
        """Another archive becomes responsible for some holdings."""
        for number in self.handed_over:
            self.archive.do(
                "holdings", "custody", name_of(number), "--to", self.custodian, "--agent", "R. Roe"
            )

    def withdraw(self) -> None:
        """The depositor takes packages back."""
        for number in self.withdrawn:
            self.archive.do(
                "holdings", "withdraw", name_of(number), "--reason", "returned", "--agent", "R. Roe"
            )
            shutil.rmtree(self.place("third-again", number))

    def stranger_appears(self) -> None:
        """A package lies on a shelf, and nobody registered it."""
        self.archive.pack("strangers", range(900, 901))
        self.place("strangers", 900).rename(self.place("second", 900))
