#include "server/doctor/finding.hpp"

#include "shared/base/json.hpp"

#include <algorithm>
#include <array>

namespace cadenza::server::doctor {
namespace {

constexpr std::array words{"ok", "warning", "failed", "skipped"};

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size() + 1), ' ');
    return text;
}

}  // namespace

bool all_well(const Findings& findings) {
    return std::none_of(findings.begin(), findings.end(),
                        [](const Finding& finding) { return finding.state == State::failed; });
}

Findings config_findings(const std::vector<ConfigProblem>& problems) {
    Findings out;
    for (const auto& [variable, problem] : problems)
        out.push_back({variable, State::failed, problem,
                       "set " + variable + "; cadenza-server --help lists what it may be"});
    return out;
}

std::string as_text(const Findings& findings) {
    constexpr std::size_t state_width = 9;
    constexpr std::size_t check_width = 20;
    std::string out;
    std::array<int, words.size()> counts{};
    for (const auto& [check, state, what, todo] : findings) {
        const auto kind = static_cast<std::size_t>(state);
        ++counts.at(kind);
        out += padded(words.at(kind), state_width) + padded(check, check_width) + what + "\n";
        if (!todo.empty()) out += std::string(state_width, ' ') + "to do: " + todo + "\n";
    }
    return out + std::to_string(counts[2]) + " failed, " + std::to_string(counts[1]) + " warnings, " +
           std::to_string(counts[0]) + " ok, " + std::to_string(counts[3]) + " skipped\n";
}

std::string as_json(const Findings& findings, const std::string& version) {
    return encode(DoctorReport{all_well(findings), version, findings});
}

}  // namespace cadenza::server::doctor
