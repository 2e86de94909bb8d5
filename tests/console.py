"""jupyter console, without the timers of prompt_toolkit that look for a lone Escape half a second behind each key.

The console asks the kernel in the middle of a key; when such a timer runs out meanwhile prompt_toolkit fails. Tests press no Escape.
"""

from jupyter_console.app import main
from prompt_toolkit.application import Application

make = Application.__init__


def make_without_timers(self, *args, **options):
    make(self, *args, **options)
    self.ttimeoutlen, self.timeoutlen = 3600, None


Application.__init__ = make_without_timers
main()
