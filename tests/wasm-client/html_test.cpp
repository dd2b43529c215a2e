#include "wasm-client/html/html.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"

namespace cadenza::client {

TEST_CASE("text is escaped wherever it stands") {
    const std::string hostile = "\"><script>alert('x')</script>&";
    CHECK(html("<p title=\"{}\">{}</p>", hostile, hostile).str() ==
          "<p title=\"&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;\">"
          "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</p>");
    CHECK(html("<p{}>{}</p>", attribute("data-x", hostile), 5).str() ==
          "<p data-x=\"&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;\">5</p>");
}

TEST_CASE("markup is put in as it is, flags are there or not") {
    CHECK(html("<b>{}</b>", html("<i></i>")).str() == "<b><i></i></b>");
    CHECK(html("<input{}{}>", flag("checked", true), flag("disabled", false)).str() == "<input checked>");
    CHECK(when(false, [] { return html("<b></b>"); }).empty());
    CHECK(each(std::vector<int>{1, 2}, [](int n) { return html("<i>{}</i>", n); }).str() ==
          "<i>1</i><i>2</i>");
}

TEST_CASE("no text can add an element or leave an attribute") {
    Random random(7);
    for (int i = 0; i < 2'000; ++i) {
        const auto text = random.from("<>\"'&= abc/\\\0\xC3\xA9\xFF", random.below(40));
        const auto out = html("<a title=\"{}\">{}</a>", text, text).str();
        CHECK(std::count(out.begin(), out.end(), '<') == 2);
        CHECK(std::count(out.begin(), out.end(), '"') == 2);
    }
}

}  // namespace cadenza::client
