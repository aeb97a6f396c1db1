"""What describes a product properly, whether it comes from a form or a program."""

from decimal import Decimal

from languages import _

LONGEST_NAME, LONGEST_DESCRIPTION = 120, 5000
LOWEST_PRICE, HIGHEST_PRICE = Decimal(0), Decimal("999999.99")
HIGHEST_STOCK = 1_000_000

NAME = _("Give it a name.")
PRICE = _("A price is a number from 0 to 999,999.99, such as 19.90.")
DECIMALS = _("A price has two decimal places at most.")
STOCK = _("Stock is a whole number from 0 to 1,000,000.")
