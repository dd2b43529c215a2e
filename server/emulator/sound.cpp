#include "server/emulator/sound.hpp"

#include "server/emulator/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace cadenza::emulator {
namespace {

constexpr double tau = 6.283185307179586;
constexpr std::size_t table_size = 4096;

// A sine by table: a second of music takes about half a million of them.
double wave(double turns) {
    static const auto table = [] {
        std::array<float, table_size + 1> out{};
        for (std::size_t i = 0; i <= table_size; ++i)
            out[i] = static_cast<float>(std::sin(tau * static_cast<double>(i) / table_size));
        return out;
    }();
    const double position = (turns - std::floor(turns)) * table_size;
    const auto index = static_cast<std::size_t>(position);
    const auto part = static_cast<float>(position - static_cast<double>(index));
    return static_cast<double>(table[index] + (table[index + 1] - table[index]) * part);
}

constexpr std::array<std::array<int, 7>, 5> scales{{
    {0, 2, 4, 5, 7, 9, 11},  // major
    {0, 2, 3, 5, 7, 8, 10},  // minor
    {0, 2, 3, 5, 7, 9, 10},  // dorian
    {0, 2, 4, 5, 7, 9, 10},  // mixolydian
    {0, 2, 4, 6, 7, 9, 11},  // lydian
}};

// Degrees of the scale, a bar each.
constexpr std::array<std::array<int, 8>, 7> progressions{{
    {0, 4, 5, 3, 0, 4, 3, 3},
    {0, 5, 3, 4, 0, 5, 3, 4},
    {0, 3, 0, 4, 5, 3, 4, 4},
    {0, 2, 3, 3, 5, 2, 3, 4},
    {0, 6, 3, 0, 0, 6, 3, 4},
    {5, 3, 0, 4, 5, 3, 0, 0},
    {0, 1, 3, 0, 0, 1, 4, 4},
}};

double hash(std::uint64_t value) {
    return static_cast<double>(Random(value).next() >> 11) / 9007199254740992.0;
}

// Rises in 6 ms, falls with `fall` seconds, and is silent at `length`, so that no note ends with a click.
double envelope(double t, double length, double fall) {
    if (t < 0 || t >= length) return 0;
    const double attack = std::min(1.0, t / 0.006);
    const double release = std::min(1.0, (length - t) / 0.02);
    return attack * release * std::exp(-t / fall);
}

std::string header(std::uint32_t data_size) {
    std::string out;
    const auto word = [&](std::uint32_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    };
    out += "RIFF";
    word(36 + data_size, 4);
    out += "WAVEfmt ";
    word(16, 4);
    word(1, 2);  // PCM
    word(1, 2);  // mono
    word(sample_rate, 4);
    word(sample_rate * 2, 4);
    word(2, 2);
    word(16, 2);
    out += "data";
    word(data_size, 4);
    return out;
}

}  // namespace

double Song::frequency(int midi_note) { return 440.0 * std::exp2((midi_note - 69) / 12.0); }

Song::Song(std::string_view id) : seed_(seed_of(id)) {
    Random random(seed_);
    beats_per_second_ = random.between(68, 132) / 60.0;
    root_ = random.between(45, 56);
    scale_ = random.between(0, static_cast<int>(scales.size()) - 1);
    progression_ = random.between(0, static_cast<int>(progressions.size()) - 1);
    rhythm_ = random.between(0, 3);
    brightness_ = 0.15 + 0.5 * hash(random.next());
}

int Song::note(int degree) const {
    const auto& scale = scales[static_cast<std::size_t>(scale_)];
    const int octave = degree >= 0 ? degree / 7 : -((6 - degree) / 7);
    return root_ + 12 * octave + scale[static_cast<std::size_t>(degree - 7 * octave)];
}

int Song::chord(double beat) const {
    const auto bar = static_cast<std::size_t>(beat / 4.0) % 8;
    return progressions[static_cast<std::size_t>(progression_)][bar];
}

double Song::pad(double beat, double seconds) const {
    const double bar_start = std::floor(beat / 4.0) * 4.0;
    const double t = (beat - bar_start) / beats_per_second_;
    const double length = 4.0 / beats_per_second_;
    const double swell = std::min({1.0, t / 0.25, (length - t) / 0.12});
    double sum = 0;
    for (const int step : {0, 2, 4}) {
        const double f = frequency(note(chord(beat) + step) + 12);
        sum += wave(f * seconds) + 0.3 * wave(f * 2.0 * seconds) + 0.5 * wave((f * 1.003) * seconds);
    }
    return 0.055 * std::max(0.0, swell) * sum;
}

double Song::bass(double beat, double) const {
    const double step = rhythm_ == 0 ? 2.0 : 1.0;
    const double start = std::floor(beat / step) * step;
    const double t = (beat - start) / beats_per_second_;
    const double f = frequency(note(chord(beat)) - 12);
    return 0.26 * envelope(t, step / beats_per_second_, 0.5) * (wave(f * t) + 0.35 * wave(2 * f * t));
}

double Song::lead(double beat, double) const {
    const double step = rhythm_ < 2 ? 0.5 : 1.0 / 3.0;
    double sum = 0;
    // The note before still rings.
    for (int back = 0; back < 2; ++back) {
        const double index = std::floor(beat / step) - back;
        if (index < 0) continue;
        const double start = index * step;
        // A phrase of four bars comes again, with a turn now and then.
        const auto phrase = static_cast<std::uint64_t>(index) % static_cast<std::uint64_t>(16.0 / step);
        const auto key = seed_ + phrase * 7919 + (static_cast<std::uint64_t>(start / 64.0) % 3) * 31;
        if (hash(key) < 0.34) continue;
        constexpr std::array<int, 6> steps{0, 2, 4, 7, 9, 6};
        const int degree = chord(start) + steps[static_cast<std::size_t>(hash(key + 1) * 6.0)];
        const double t = (beat - start) / beats_per_second_;
        const double f = frequency(note(degree) + 24);
        const double modulation = brightness_ * std::exp(-t / 0.12) * wave(2.0 * f * t);
        sum += envelope(t, 2 * step / beats_per_second_, 0.22) * wave(f * t + modulation * 0.25);
    }
    return 0.2 * sum;
}

double Song::drums(double beat) const {
    const double in_beat = (beat - std::floor(beat)) / beats_per_second_;
    const auto number = static_cast<int>(std::floor(beat)) % 4;
    double sum = 0;
    if (number == 0 || number == 2 || rhythm_ == 3)
        sum += 0.4 * envelope(in_beat, 0.25, 0.08) *
               wave(48.0 * in_beat + 2.2 * (1.0 - std::exp(-in_beat / 0.03)));
    const auto noise = [&](double t) {
        return 2.0 * hash(seed_ ^ static_cast<std::uint64_t>(t * sample_rate + 1e6)) - 1.0;
    };
    if ((number == 1 || number == 3) && rhythm_ != 0)
        sum += 0.12 * envelope(in_beat, 0.16, 0.05) * noise(beat);
    const double half = (beat * 2.0 - std::floor(beat * 2.0)) / 2.0 / beats_per_second_;
    return sum + 0.04 * envelope(half, 0.05, 0.015) * noise(beat + 0.5);
}

double Song::sample(double seconds) const {
    const double beat = seconds * beats_per_second_;
    const double section = std::fmod(beat / 32.0, 6.0);  // eight bars each
    double sum = pad(beat, seconds);
    if (beat >= 8) sum += bass(beat, seconds);
    if (section >= 0.5 && !(section >= 3.0 && section < 3.5)) sum += lead(beat, seconds);
    if (section >= 1.0 && !(section >= 4.0 && section < 4.5)) sum += drums(beat);
    return std::tanh(sum) * std::min(1.0, seconds / 0.05);
}

void Song::render(std::int64_t first, std::size_t count, std::int16_t* out) const {
    for (std::size_t i = 0; i < count; ++i) {
        const double seconds = static_cast<double>(first + static_cast<std::int64_t>(i)) / sample_rate;
        out[i] = static_cast<std::int16_t>(std::lround(sample(seconds) * 30'000.0));
    }
}

std::size_t wav_size(std::int64_t duration_ms) {
    return wav_header_size + static_cast<std::size_t>(duration_ms) * sample_rate / 1000 * 2;
}

std::string wav_bytes(std::string_view id, std::int64_t duration_ms, std::size_t first, std::size_t last) {
    std::string out;
    const auto size = wav_size(duration_ms);
    if (first < wav_header_size) {
        const auto head = header(static_cast<std::uint32_t>(size - wav_header_size));
        out = head.substr(first, std::min(last + 1, wav_header_size) - first);
        first = wav_header_size;
    }
    if (first > last) return out;
    const auto begin = (first - wav_header_size) / 2;
    const auto end = (last - wav_header_size) / 2 + 1;
    std::vector<std::int16_t> samples(end - begin);
    Song(id).render(static_cast<std::int64_t>(begin), samples.size(), samples.data());
    const auto* bytes = reinterpret_cast<const char*>(samples.data());
    const auto skip = first - wav_header_size - begin * 2;
    return out.append(bytes + skip, last - first + 1);
}

}  // namespace cadenza::emulator
