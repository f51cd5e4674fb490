from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from config.commands import DatabaseCommand, Hindrance
from profiles import frameworks
from profiles.models import Actor, Org
from profiles.standards import case

LISTED = 10


class Command(DatabaseCommand):
    help = "Say what a CASE standards file would add, change and withdraw; with --apply, do it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="bring it in; without this nothing is written")
        parser.add_argument(
            "--helpful",
            action="append",
            default=[],
            metavar="A:B",
            help="“A comes before B” only helps, it is not needed first (codes; may be given again)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        district = Org.objects.filter(org_kind=Org.Kind.DISTRICT).first()
        if district is None:
            raise Hindrance("There is no district yet: run set_up first.")
        try:
            package = case.read(path.read_bytes(), path.name)
        except OSError as problem:
            raise Hindrance(f"{path} cannot be read: {problem.strerror}.") from problem
        for one in package.problems:
            self.stdout.write(f"  {one}")
        if package.blocked:
            raise Hindrance(f"{path.name}: {package.blocking_count} problems to mend first. Nothing is written.")
        self.look(path.name, package)
        helpful = {identifier for pair in options["helpful"] for identifier in _links(package, pair)}
        if not options["apply"]:
            self.stdout.write("Nothing is written yet: add --apply to bring it in.")
            return
        try:
            framework = frameworks.bring_in(district, package, helpful=helpful, by=Actor("import", path.name[:60]))
        except frameworks.TakenElsewhere as taken:
            raise Hindrance(
                f"{path.name} names what another framework here has already: {taken or 'its identifier'}. "
                "Nothing is written."
            ) from taken
        except frameworks.StillRound as still:
            raise Hindrance(
                f"Each of these would need the other first: {still}. Say which link only helps, as --helpful A:B. "
                "Nothing is written."
            ) from still
        self.stdout.write(f"Brought in: {framework.title}.")

    def look(self, name: str, package: case.Package) -> None:
        found = frameworks.look(package)
        assert package.document is not None
        self.stdout.write(f"{name}: {package.document.title}")
        if found.changes_nothing:
            self.stdout.write("  It is here already, word for word.")
        self.stdout.write(
            f"  {len(found.added)} new, {len(found.changed)} changed, {len(found.withdrawn)} withdrawn, "
            f"{found.same} as they are; {found.links} links."
        )
        for code, now, then in found.changed[:LISTED]:
            self.stdout.write(f"  {code}: “{now}” becomes “{then}”")
        for code, statement in found.withdrawn[:LISTED]:
            self.stdout.write(f"  {code} is withdrawn: “{statement}”")
        for one in found.cycles:
            links = ", ".join(f"{link.origin.title}:{link.destination.title}" for link in one.links)
            self.stdout.write(f"  Each needs the other first: {frameworks.round_in_words(one)}. Links: {links}")


def _links(package: case.Package, pair: str) -> list[str]:
    """Identifiers of the `precedes` links between two codes."""
    first, _colon, then = pair.partition(":")
    code = {item.identifier: item.human_coding_scheme for item in package.items}
    found = [
        link.identifier
        for link in package.associations
        if link.type == "precedes"
        and (code.get(link.origin.identifier), code.get(link.destination.identifier)) == (first, then)
    ]
    if not found:
        raise Hindrance(f"The file has no link from {first} to {then}.")
    return found
