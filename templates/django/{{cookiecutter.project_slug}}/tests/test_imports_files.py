"""Which files are imported, and what their rows may be."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from imports import files, rows
from tests.imports import many


def product(row: str, header: str = "name,price,stock,description") -> Any:
    [found] = files.rows(f"{header}\n{row}")
    return rows.product(found)


def reason(refused: Any) -> str:
    return str(refused.value.messages[0])


@pytest.mark.parametrize(
    "content",
    [
        "name,price\nLamp,1.50",
        "price,name\r\n1.50,Lamp\r\n",
        "NAME;Price\n\n\nLamp;1.50\n;\n",
        '"name" , "price"\n"Lamp","1.50"'.replace(" ", ""),
        "\ufeffname;stock;price\nLamp;;1.50",
        "name;price;;\nLamp;1.50;;\n",
        "\n\nname,price\rLamp,1.50\r",
    ],
)
def test_a_file_has_commas_or_semicolons_and_columns_in_any_order(content: str) -> None:
    file = files.read(content.encode())
    assert file.rows_total == 1
    [row] = files.rows(file.content)
    found = rows.product(row)
    assert (found.name, str(found.price), found.stock) == ("Lamp", "1.50", 0)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "The first line has to name the columns, at least name and price."),
        (b"a photo\n", "The first line has to name the columns"),
        (b"name,stock\nLamp,1", "The first line has to name the columns"),
        (b"name,price\n\n", "There are no rows in this file."),
        (b"name,price,colour\nLamp,1,red", "There is no column “colour”"),
        (b"name,price,Name\nLamp,1,x", "The column “name” is there twice."),
        ("name,price\nTür,1".encode("latin-1"), "not a text file in UTF-8."),
        ("name,price\nLamp,1".encode("utf-16"), "not a text file in UTF-8."),
        (b"name,price\nLa\0mp,1", "not a text file in UTF-8."),
        (b'name,price\nChair,1\n"Lamp,1', "not a CSV file: look at line 3."),
        (b'name,price\n"La"mp,1', "not a CSV file: look at line 2."),
        (b"name,price\n" + b"x" * 200_000, "not a CSV file: look at line 2."),
        (b"name,price\n" + b"x" * 2**20, "A file may have one megabyte at most."),
        (many(10_001).encode(), "A file may have 10,000 rows at most."),
    ],
)
def test_what_is_no_file_of_products_is_refused(raw: bytes, expected: str) -> None:
    with pytest.raises(ValidationError) as refused:
        files.read(raw)
    assert expected in reason(refused)


def test_a_row_has_the_line_where_it_starts() -> None:
    content = 'name,price,description\nLamp,1,"two\nlines"\n\nChair,2,\n'
    assert [row.line for row in files.rows(content)] == [2, 5]


def test_a_row_becomes_a_product() -> None:
    found = product('Tea towel,11.9,7,"Linen,\r\nwashed."')
    assert (found.name, found.stock) == ("Tea towel", 7)
    assert (found.description, str(found.price)) == ("Linen,\nwashed.", "11.9")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (" ,1,1,", "Give it a name."),
        ("x" * 121 + ",1,1,", "Use at most 120 characters."),
        ("La\x07mp,1,1,", "This has to be one line, without control characters."),
        ("Lamp,1,1," + "x" * 5001, "Use at most 5000 characters."),
        ("Lamp,,1,", "Give it a price."),
        ("Lamp", "Give it a price."),
        *(
            (f"Lamp,{price},1,", "A price is a number from 0 to 999,999.99")
            for price in ("-1", "-0", "1e2", "nan", "1000000", "9" * 50, "1 000", "१")
        ),
        ("Lamp,1.234,1,", "A price has two decimal places at most."),
        *(
            (f"Lamp,1,{stock},", "Stock is a whole number from 0 to 1,000,000.")
            for stock in ("-1", "1.0", "1000001", "9" * 50, "many", "७")
        ),
        ("Lamp,1,1,Nice.,more", "There are more values than columns."),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused(row: str, expected: str) -> None:
    with pytest.raises(ValidationError) as refused:
        product(row)
    assert reason(refused).startswith(expected)
