# cmake -DINPUT=FOLDER -DOUTPUT=FILE.cc "-DFILES=FILE..." -P embed_page.cmake: files of the page,
# compressed, as the list that page.h declares. index.html is what stands at "/".
set(ENV{SOURCE_DATE_EPOCH} 0)  # which leaves the time out of what gzip writes
string(REPLACE " " ";" FILES "${FILES}")
set(arrays)
set(entries)
foreach(file ${FILES})
  set(compressed ${OUTPUT}.gz)
  file(ARCHIVE_CREATE OUTPUT ${compressed} PATHS ${INPUT}/${file}
    FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9)
  file(READ ${compressed} hex HEX)
  file(REMOVE ${compressed})
  file(SHA256 ${INPUT}/${file} hash)
  string(SUBSTRING ${hash} 0 16 hash)
  string(MAKE_C_IDENTIFIER "k_${file}" name)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(................................................................................)"
    "\\1\n" bytes "${bytes}")
  string(REPLACE "index.html" "" path "/${file}")
  string(APPEND arrays "constexpr unsigned char ${name}[] = {\n${bytes}\n};\n")
  string(APPEND entries "    {\"${path}\", \"\\\"${hash}\\\"\", ${name}, sizeof(${name})},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"server/http/page.h\"

namespace rectifier::http {
namespace {

${arrays}
constexpr PageFile kFiles[] = {
${entries}};

}  // namespace

absl::Span<const PageFile> PageFiles() { return kFiles; }

}  // namespace rectifier::http
")
