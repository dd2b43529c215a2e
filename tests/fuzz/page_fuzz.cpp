// Addresses of the page, and addresses in general.
#include "shared/api/pages.hpp"
#include "shared/base/query.hpp"
#include "shared/base/url.hpp"
#include "tests/fuzz/target.hpp"
#include "wasm-client/app/page.hpp"

namespace cadenza::fuzz {
namespace {

void run(std::string_view input) {
    const auto page = client::parse_page(input);
    const auto address = client::address_of(page);
    require(client::parse_page(address) == page, "an address leads to its page");
    require(is_page(std::string_view(address).substr(0, address.find('?'))), "to one the server knows");
    const auto decoded = percent_decode(percent_encode(input));
    require(decoded && *decoded == input, "what is escaped reads back");
    if (const auto url = Url::parse(input)) {
        require(url->str() == input && input.starts_with(url->origin()), "an address as it was written");
        require(input.find_first_of("\"<>\\ \r\n\t") == input.npos, "fit for an attribute");
    }
}

const Registration registration({"page", run});

}  // namespace
}  // namespace cadenza::fuzz
