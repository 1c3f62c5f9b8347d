"""The audit as a task of the Windows Task Scheduler, and a command that complains when it no longer runs.

Source: Microsoft, Task Scheduler Schema (http://schemas.microsoft.com/windows/2004/02/mit/task).
"""

from __future__ import annotations

import subprocess
from xml.sax.saxutils import escape

from archtool.report.schedule.model import NAME, Piece, Schedule

_NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_FIRST_DAY = "2026-01-01"  # a task needs a day to begin at; any day in the past will do


def windows_pieces(schedule: Schedule) -> list[Piece]:
    """Return the task, and the command that watches it."""
    return [
        Piece(
            "windows", f"{NAME}.xml",
            f"save it as {NAME}.xml, then:", task_xml(schedule),
            f"schtasks /Create /TN {NAME} /XML {NAME}.xml",
        ),
        Piece(
            "windows", f"{NAME}-watch.cmd",
            f"fails with a line when no audit has ended for {schedule.watch_days} days; run it as a task on"
            " another machine that sees the same file",
            watch_command(schedule),
        ),
    ]  # fmt: skip


def task_xml(schedule: Schedule) -> str:
    """Return the definition of the task; without an encoding in its first line, as schtasks wants it."""
    program, *arguments = schedule.command
    return f"""<?xml version="1.0"?>
<Task version="1.2" xmlns="{_NAMESPACE}">
  <RegistrationInfo>
    <Description>Fixity audit of the register of holdings</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>{_FIRST_DAY}T{schedule.hour:02}:{schedule.minute:02}:00</StartBoundary>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{escape(schedule.user)}</UserId>
      <LogonType>S4U</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>7</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(program)}</Command>
      <Arguments>{escape(subprocess.list2cmdline(arguments))}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


def watch_command(schedule: Schedule) -> str:
    """Return a command line that fails unless an audit has ended within `watch_days`."""
    path = schedule.metrics.replace("'", "''").replace("%", "%%")  # a batch file reads %NAME% as a variable
    complaint = f"{NAME}: no audit has ended for {schedule.watch_days} days"
    script = (
        f"$file = Get-Item -LiteralPath '{path}' -ErrorAction SilentlyContinue; "
        f"if (-not $file -or $file.LastWriteTime -lt (Get-Date).AddDays(-{schedule.watch_days})) "
        f"{{ Write-Output '{complaint}'; exit 1 }}"
    )
    return f'powershell -NoProfile -Command "{script}"\n'
