#include "wasm-client/html/html.hpp"

namespace cadenza::client {
namespace {

void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
}

void append(std::string& out, const detail::Piece& piece) {
    if (piece.is_number)
        out += std::to_string(piece.number);
    else if (piece.filling == detail::Filling::html || piece.filling == detail::Filling::attribute)
        out += piece.text;
    else
        append_escaped(out, piece.text);
}

}  // namespace

Attribute flag(std::string_view name, bool present) {
    Attribute out;
    if (present) out.markup_.append(" ").append(name);
    return out;
}

Attribute attribute(std::string_view name, std::string_view value) {
    Attribute out;
    out.markup_.append(" ").append(name).append("=\"");
    append_escaped(out.markup_, value);
    out.markup_ += '"';
    return out;
}

Html HtmlWriter::fill(std::string_view text, const detail::Piece* pieces) {
    Html out;
    for (std::size_t hole = text.find('{'); hole != text.npos; hole = text.find('{')) {
        out.markup_.append(text.substr(0, hole));
        append(out.markup_, *pieces++);
        text.remove_prefix(hole + 2);
    }
    out.markup_.append(text);
    return out;
}

}  // namespace cadenza::client
