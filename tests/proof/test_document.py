from headstart.proof.document import Document, Form


def test_a_form_is_read_with_what_is_filled_in_already() -> None:
    document = Document(
        """
        <form method="POST" action="/there"><textarea name=lines>\r\n\r\na\r\nb</textarea>
          <input type=hidden name=token value="a&amp;b">
          <input name=empty> <input value="nameless">
          <textarea name=text>
one
two</textarea>
          <select name=choice><option value=1>One<option value=2 selected>Two</select>
          <select name=first><option value=a>A<option value=b>B</select>
          <input type=checkbox name=on checked> <input type=checkbox name=off>
          <button name=sent value=no>Send</button>
        </form>
        <form action="/search"><input name=q value=lamp></form>
        """
    )
    assert document.forms == [
        Form(
            "/there",
            "post",
            {
                "lines": "\na\nb",
                "token": "a&b",
                "empty": "",
                "text": "one\ntwo",
                "choice": "2",
                "first": "a",
                "on": "on",
            },
        ),
        Form("/search", "get", {"q": "lamp"}),
    ]


def test_title_headings_links_and_text_are_what_a_visitor_sees() -> None:
    document = Document(
        "<head><title>A &lt;b&gt; & C</title><style>p {}</style></head>"
        "<h1>Hello <em>you</em></h1><p>One<p>two <a href='/x?a=1&amp;b=2'>three</a>"
        "<script>four()</script>"
    )
    assert document.title == "A <b> & C"
    assert document.headings == ["Hello you"]
    assert document.links == ["/x?a=1&b=2"]
    assert document.text == "Hello you One two three"


def test_an_icon_with_a_title_does_not_change_the_title_of_the_page() -> None:
    page = "<head><title>Page</title></head><svg><title>Icon</title></svg>"
    assert Document(page).title == "Page"
