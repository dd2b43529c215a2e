// Writes the page's shell at build time by the code that draws it in the browser, so that the first paint
// needs no WebAssembly and both agree byte for byte.
//
//   cadenza-prerender <public/index.html   the shell, its marker <!--shell--> replaced by the regions
//   cadenza-prerender --pages              the page table, JSON
//   cadenza-prerender --protocol           JSON Schema of the host protocol
//   cadenza-prerender --answer             the core itself: a call a line in, its reply out, to compare both
//   builds
#include "shared/api/pages.hpp"
#include "shared/base/text.hpp"
#include "wasm-client/app/core.hpp"
#include "wasm-client/app/screen.hpp"
#include "wasm-client/host/protocol.hpp"

#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>

namespace {

int write_shell() {
    constexpr std::string_view marker = "<!--region:";
    std::string html{std::istreambuf_iterator<char>(std::cin), {}};
    for (const auto& region : cadenza::client::screen({}).regions) {
        const auto place = std::string(marker) + region.id + "-->";
        const auto at = html.find(place);
        if (at == html.npos) {
            std::fprintf(stderr, "cadenza-prerender: no %s in the page\n", place.c_str());
            return 1;
        }
        html.replace(at, place.size(), region.markup.str());
    }
    if (html.find(marker) != html.npos) {
        std::fprintf(stderr, "cadenza-prerender: a marker names no region\n");
        return 1;
    }
    std::fwrite(html.data(), 1, html.size(), stdout);
    return 0;
}

void write_pages() {
    std::string out;
    for (const auto pattern : cadenza::page_patterns) {
        out += out.empty() ? "[" : ",";
        cadenza::append_json_string(out, pattern);
    }
    std::printf("%s]\n", out.c_str());
}

void answer_lines() {
    cadenza::client::Core core;
    for (std::string line; std::getline(std::cin, line);) std::printf("%s\n", core.call(line).c_str());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 1) return write_shell();
    const std::string_view option = argv[1];
    if (argc == 2 && option == "--pages") {
        write_pages();
        return 0;
    }
    if (argc == 2 && option == "--protocol") {
        std::printf("%s\n", cadenza::client::protocol_schema().c_str());
        return 0;
    }
    if (argc == 2 && option == "--answer") {
        answer_lines();
        return 0;
    }
    std::fprintf(stderr, "usage: cadenza-prerender <index.html, --pages, --protocol or --answer\n");
    return 2;
}
