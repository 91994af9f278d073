namespace LinkCodec.Core.Prediction;

/// <summary>
/// The probabilities of a byte after another one, before anything of the message is known: the constants of
/// <see cref="AdaptiveBytePredictor"/>.
/// </summary>
/// <remarks>
/// One row for what came before: the start, the bytes 0x20 to 0x7E, newline, other bytes below 0x80, bytes from 0x80.
/// One column for what comes next: 0x20 to 0x7E, newline, each other byte below 0x80, each byte from 0x80. A cell holds
/// half bits of cost, as a digit in base 36. Counted on English text with shares of other languages, logs, JSON, CSV,
/// NMEA and weather reports. Spec: protocol-spec/07-prediction.md, section 4; the same rows stand in
/// protocol-spec/reference/byte_prior.txt.
/// </remarks>
internal static class AdaptiveBytePrior
{
    private const int OddHalfBit = 741455; // 2^20 / sqrt(2)

    /// <summary>The table as text, a string for each row; read-only.</summary>
    internal static readonly string[] Rows =
    [
        "9kgp6rrrdrkqrnrrkd9ijkllllprkrkrr9caaadecaf89cdccje97dfbqgjiqrripjkjkjmnlmpqomonnrqmjoolrpq6rrrrro",
        "8qgploojgrnkqfmkeccgiijkkjmpjmkpqbedfgfgfcijgefgfieddhifojmgirrnp7aaabada9hgbac9ahc97df9odkmoqrhrq",
        "25drorrkpdkrhcfppppqqqqqqqlrolreomrqoqrrrqrqqqqqqrqqmrrrrrrkmrrhpoopmnnqplrqppooprlonoqqrqrqrrr6rk",
        "crhqorrpnmqr7hhhhgbjnonmlk3porkprfhgfjghihkmgejfcqfefjojpnqkhcrqqbkc8ahbegpndbfcfqd9achillqqrbrirr",
        "6jl1kqqqmgqqmmnpgaabfhekcllqlqkmqgpmijjlmkqoipppjqkglkqpqmqflqqjqjkkiginfcqgehjlkqjdhhioqoqnqqqbqq",
        "frmqcrnlnmqroqkribdeeefgikqrprrqloepogl1jerqkopn9hn7prrcrroqrrrkreqnjghqojrrmfpjknlgjmpjrprhrorcrr",
        "4nhjjdrjfaqrdpdqlo29d9bbfpoqqqqqrlqpppnqqpqopppppqpjoqqhrqqqgfrhrimmgjklnhqpnolmfjmglnpoqoqgrqrerr",
        "5qnknr7qkqqnnpoqcbbfpcfpmpoqqqgqqagf9djjlhqlmihlclbblkgfqlqqfqrfnadabfbeifqpccdiah8befcijjqorqr7rr",
        "8phqnrohqcqnamafkenmnqfmpnfnfrdqrdlahglkfgorliihlpjiigllonrrggrpm9gecbijdcpmaafefqa46cagkknnforfro",
        "eofjgnokjbemhmjkd8abdeeffhioqnofmcdbccdeebfdfddeclcbcefcgkndorqen9dbcacfe9ijdcccckd9aafbkhjirrmjrq",
        "2ldrpnqmldim5i6jmlnqrrnoqqadopdhrqrrqprqrrqqrrrrqrnlmrrnrrrpedrkqkrqponnpornqoopqrpgpmnpmqrqier7rr",
        "7njrorrllh8rbjih79868765rpkjrkpqnlkmmikoqiqoqmoqiniigqolrprrjkrorjjjklmmkjqpkiikkqlhilngrkrlqrrerr",
        "8kffienkhjnaghji19fcfihilipnrmirrlklilqmmlqpjiiqkkhikqnnnqmrimrqjcjmiggohdrqkjkggnjdgkkkfpnormreor",
        "3r4rrrrqrrgo8hrr889aceffghrrrrrrrcgheekklmrhiccnlrjefejhrrrrqrrrrlqjlpkjporronjjjrjhpmoqrrrerrrgrr",
        "8rfqpqrppjorm4pm578cddgdderqnnirreghijgigflmfhjiglfffkmiplnqqlrhredddfegefkjddieemeddfjelijrrrkerr",
        "4qgrqprnqjmrkh8k58ba9bab9bqqqrponjmhhkkkljpkkkjlmqlgjinjqmqqqmrlrhkbgihcgclohjdgcpjfgfnillqrqrr9rp",
        "9riqmjqopmkqong7468dddifijoqoriiqgkhejfiihhlibgfgpfegfljlqpqnproqcgbc9cgfdfmbdegdmbcdecbimlprrjerr",
        "9qfrrlnnrjho6f8f468a9aabaacnnpmqrmmlnmmnqqogqpopqrqdhpiqrpcqhirormmkmmmqrrrnrnrqorrknprrkrrrnhrcrr",
        "9peprolnrihp8c896888789888cnpnnpqlknmnklopqipnqpnrqomqrprrkqhkrorkjllllqoornooroopqlqqrrrrrroirhrr",
        "8rgqrmomqhko8b9c4877999aa9bpppmqqlohnljlprqgpmprooqmlqopqrkqfkrmrkllkklrqmrmqpopqqopoprrroqroirfrr",
        "8rgrromirhim6a8d6788989999apopnqpjkijilkprqeompnmrrmkrqmrrdrijrkrjjkjijqpprlqnrqrrlpnrqqprrrnhrfrr",
        "7rfqqmkmrhjn769c79a99899999kpqnorkmkllikqqqeokpqorikknkpqqhqijrdrijiigiqqqqkmprmqrqqlrqqoqrrngrcrr",
        "7rdqrkolqgin7c8c7989989aaa9mprnrpjjgjjijqqqdmmppprphkpnorrbqijrgqjhjjjjrpqnjrmpqprrokqqpprrrnhrdrr",
        "6rdprmjiriim6d8c7a9a89899a8poroqqjjjjjjjrpqdnlprornlhnpprmemiirhrfihihhqqlrjrnrqqrqojqrqrrrrmerbrr",
        "7reqrmpmrjgk6a7c7989a99a9a9oprnrqhhiihijrqqdonproqpihqqpqqirjjrorhjjiigkqqrjrnrrqropkqlrqrrrnfrerr",
        "7rdnrkomrghl687c6a99989a9a8nproqqminmnljrrqekoqrprpkgrqprrkqjiqnqiihkihrqmpkqpmnprpojqrmqmqrmfrcrr",
        "7rfqrkolrlim7d9c7a9a9999958qnrqrqmnmnnojpmqflpmqnqqhjrloqrkrkjrorhihijjqrqqjqoqoprpqlqqoormrngrfrr",
        "6r5rrprqnkorrapc567889dccegrprrrrmnimonqomrpjlnomrfkkoqjorrgerrjrknmmldmllprnpdplrpocmrqqrrfrrrerr",
        "0rqpqokprgppqeojpqqlrprrrrqrnrlorqnprorrrprqrorrnrqqorrrrrrrnnrrrpqopoqqpprrppmpohplnqrnrqrqrordrq",
        "dninnorrromrohm5jgjckllnhoprdiihreidafflkikgiihher8deeifrrrrlrrlr9c8aca8acbdc9eebga9afdcoefprrjkrr",
        "8r7rnhlakllrmgkfb76ddefgdhknd6hkpknieh9fmhrqcg9ogreicfmkqqrfgrrllhghhhfjfffkfhiehqhef9flojmjhmqfrr",
        "2rglqogdnfmrdgjneefiikmlmmgm9k8prjmkkkjlmgnomikjooihhnnkqmrllnrnphkijjiliirokjjjirjihnpkqmrjrrp5rr",
        "2eermnnjrdmrnflmkhhlllmooldrpiiannmnnqrlqjrqopppjjlipppprrrrbnrhmdkfikdjlermijkkfdcehigkiqrprrr5rj",
        "doommjrrmnmroqpqfiglqoqqqqnnrrrrckqkdgnijkrnkmlqqrkknkqijrrrjrrnrba9877abbee79dh9ib6acbcabiprrrerr",
        "9qcrrpmmrico8hfjglabloiomllrqoqpocfcddfdgalfac99cl9a98cifdhrmproqkcccmdeegomac9qbmcacahjnjmrrnljrr",
        "9rhrrljmrjprd9ffbihijkkkglnqrqfqpaddeagdhdh8bffbhgbceciehfmphlrlr8noo6rokaopapl9go8mi6nprcjprmrjrr",
        "ardrrnmjrijladhlbfejjkhljjbpojpqp8eedbhibbld7ehafkce9dfdgdiqjmrgq8ojncio8dpn9im6kmcjlemqokmrporjrr",
        "6nbrrmqhejeqccekjgljmliikjerrgmpr9fcd9bcbbkiffebfjdabedfhfhrimrfr6poq7llm8nrnlo9pq8gpalmriorqnrfrr",
        "6hcqqlllnhdr9eehiikkkjlglngpronrq9gbaceehhmhbc9hde77aic9dggrimrirdmjenlgoemnce9jkkddiddnbmnrrmrfrr",
        "9oerrmklphgrdggnigjlifimfmmrrmmrrcegg7bfjchfcgi6hjaedglbjhfrfmrir8mpp8joo8nmanj7lq6lhckhloorrorjrq",
        "8nfrrromrjqrafekibcgjnnnomjnrrmrp9egi9hacelk9e8c6md7edjikilqoirlrbqjm7oqldrremk9pp9mpbnlnlmrrrrirr",
        "8ldrrrnorkpqfhemijnlopnmiomrrkjrr7jfa7ijg9lidgeagjbe8dfcchfqknrkr6orj6opo9nrmip7nqnpnbnnohkrrrrhrq",
        "4ofrrrrbrkoqgifiolnjnqknrrlproqnrbfabfebidnibc5bemaaanfmhnirinrkrmnkdlbjonroee7lhqcc9nloonqrrqrirq",
        "arirqrrgrnrnlpdmmijlpknqnmqrrrhrrahbhcckhgihhgebdjhdfbiiijirhrrrr4lnp7omjbrgmlj5mlijm5lenkkqrrrirr",
        "4rerrrqnpmipbifnjhjkiljllmlmrmqplcdcebeeddgfdd7eehfc4hggicjrmqrorbiqobpphcmmhohdopgmngqnmkrrprrirr",
        "7n9rrqrflmrr9ffknnknnlpqqqirnlloq9fed9eci8lh9hi97m8dbdjgkdkrnorhr8rmq9nop8mpmnp8lrqlmemopiorporjrr",
        "5ogrpqrkrljr8egmahjnjnmnppmqqomoqaeac9hggbm6eejcbliaefjgjijrmqrkr7ngn8mpl9knokp9orchncllqcmrrrrgrq",
        "7p8rrrrkkker8gejbghmqpnppqjrqkoqrahb9899jbjcgie9jmeb8gedjgirmqrfr9qpp9rmnboopkq7orhnndkqqoqrrrrirr",
        "5ndrrrrhrkqpgjfkqc7opoqpnrlprlprrdfcchcegelacb8cen79baaaikkrnnrlrkhcmqdoeinhglakdpbigdfihqprrrrjrr",
        "aoerrrqmpiqrfjhcaacmonlpkehqrlmorafdebi8bakddbfbek6bah9gilfrpordr7ojp9ioddpnbpp8po8jkcmjnjprqprlrr",
        "ardrpremmkrnfifhc2ioqqknqnirrhijrffihfajfhmiegijhifif8ijejfrlrrjraleogqkmflqpgkehokim5llmlnprrrjrr",
        "6mfrrrnnmhkrdhekhhgjmonpnpmqrnnpr9ddb8geiahea67ablebbhgeldkrpormrbqor6qqicqlppo9qrpnobrrkmrrpqrhrr",
        "7mcrqqqmpigragbfhkmmkmomnnjprlmnraeacbgidbhe98edckic9ebclflrfnrjqaqbp7qpcbrjcciacjkp8alhhbqrqorhrr",
        "5mdrrponqhkragem8dgomqnoqmjrrjpqrckfkaje9ankaei7boddcehfienrmlrircrmqbon5eqppnqarrcnoepgldqrrmrirr",
        "bnernorkriqmlkbnklhnooqqqnplrqkmpdedcbgdidnfbc8jcm964hgigjmrjprprpijknjinjpkhg5pbnf8gknnonorrrrlrr",
        "9r8rqrrqrlcq6lfhddcecmohnhknrjqqrac8d7kef9jkehg8gkae9jfilhlrlnqeranmn7hjo8mjkmoarpmjnlngqnnpoprjrr",
        "8larrorkrmnqahdk9hghpnkmjolrplpnr8ihaaige8liigacjkedihefifkrjoror8nop6mq67npqqjamqdnplpomkmrrprhrq",
        "5n5rprlllerre6chgdmnjllfoichqirrrdedbdedfbjeebcg8mff9gcgdgfrilrhrihnjemkedlqhckinekkjihinirprrrdrr",
        "4iarqrpihlrpafadhffillmnnrfrrnrlrgcffdhghgjifebbcge9fhffgfejmrrgrblnp8pmomonnmf4lqlonhmojomqrrrerr",
        "1r7rqrrnrnnrideddllnokpoqqrriprrrdigbfjhielkgifgjkdhjkkihggrmnrqrcppnbnplfrrphmemomlkcofhnoqrrrhrr",
        "erdmprrjrrhrp9fmc89cfiiihkhrrorrphhehghhkcjohgglhpebhkmgonrpkfjnrak9aganaapna8khemaa68ahpmfarromrr",
        "kr2rprjmnnlrqpjlioojjqprrrrqrrrfndieanbfmgeqfhjieojaecc8rrrn9rrjrdemdphihnommfaneredhcfe7rrdqprkrr",
        "1pfhmnnorcrnbogrpkqpqrrrrr9rrhiormnnppooomrpqpphrrmnprnpprrianrrjlpknnmqoorppomnnrnnlqqprqoql7rcrr",
        "7mgmgmmlkllmfihkdddfiifjjjhmmllmmhkfii7ehclhidjjfmjehkljdlld9m67mdigfcchcelafgeehldedgihlhlgblm7mm",
        "eroropqlninriogodcgdgfggfjnmrprqqfibeigihenkehihhphefhhkdrproqn2radacfcifanndccjcjba9gheimjopprdrr",
        "5jcekpeegeoh9b8bhcegmfmmimghgohppenehhjfgiolgmmmgpdidgohpoobbopj9bdbcaadbaofbeefcodbachdohokjopdpp",
        "8olrrrrlrmrrfkhknonnoooooolorpopprqrrrqrrrrrrqrqrqpprrrrrrrqoprorkb9ajeagakc7a5mck776cbfjaerrrrmrr",
        "bpfrrrrmqkqrfigkjkiijkjkjkgmrprooprpqqlponrkqqrqqqooorppmrrqlqriq7dii4fjj8cn6hk7kr9ae7jlm8nrrqrnrq",
        "cqfrrqrmqnrriggjkljmllmilmmprorppkqlprpppoqqqqoqqroolqorrrqroqrgr6lbh5kn68q89kn5kkaf7alnqdqrqprmrr",
        "3karrmqgnkqpbgcjmonknlgmmnhhqemkpopmnnnppnrrpnpqnrohnrplrrrnoorhr9gkd5jgj7moegg9mocbkbgireprrqrhrq",
        "4lcrropiokqrbhdjpnpmpnpqoohjqioknppoqporqnrrqpoqoqmnopporrrqlqrir9gb8beehdmj9b7fcg67ahceddkrrorirr",
        "4njrrqphqnprfggnkkihjlklkjflrmqopqqqrrppqmrrrqprqnqqqqrrrrrrjorer8iii79io7ppbmk5ko8gaaimlhlrpirhrq",
        "4lerroqlqlorchcjqqnpqrrrrpiirljkkpqnqonoqpropprqqppmhorqrrrqmprkr9knh5md77qkbf98kr9adaflrfkrrrrgrq",
        "7lfrrqrnnmqrehgnrpqrrrprrrnlrlqmmorqqprrqqrrqqrroqolmrrprqrrrprlr5kmi3kon6roggf8kfbhadnjqgprrrrlrr",
        "erhrrrrnrprrjmjmqrrlrrrrrrlrrqqqqrrrpqqrrrrprqqqqrrrqqqrrrrrkrrorbe889c9mlne8a48dia66gbphpfrrrrprq",
        "irmrqrrjrprqomhqkpkpnnorrpqrrnrrnllrlkporhqnomhnlkrknopnlkorlrrnr7kjk4hkkcnijhj4gmg9k4oiopnqrrrmrq",
        "5hbrrpqklkqq9ebjrgoqrrppooghrljjflmlpqlkllqrrlqnoookooooqqqmmjrjqajll3hgh6olcc8dlog8cepiqemrpqrgrq",
        "6mdrrqqgolqqchehrrqrrorrrrikqmpmnpnqmnporkrrrnnrqqrprrrprrrrkqrir6hi95eij6rf6fk8fkiabbfir8nrrrrjrq",
        "7lhqroqloirrchdfmonhrqrrrrfjrkglmlqmqppqrporppqrpromoqprorrqpnrir5ale4jni7pnfai78rmahaomoborrqrhrq",
        "5mbrrppfplqqcgdjmqrprrorrrjirlolmkpoorqpqnrrqpqoorqkoprqrrrolqrjr9j967c6kakdfhd9kll97dgkodjrrrrhrq",
        "6mjrrrrormrrgjhkrqrrrrrrrqgorqrnprrqqqrrrorrqrqrprnqrrrqrrqrqprlredcbg8didiea85abo6a97b9igkrrrrkrr",
        "9lbrrqrmqkrrfheipoqnrrrrqrelrlojmjrlknorqprpqoqqnorpmorqrqoqjprkr6mfe5hjb9qm7el69r6a9afmfbqrrqrlrq",
        "crhrqrrkrnrrgmfpkmopqppmppcqrfrpqpqnokrnpinlrkhrporqmromqrmrlorirloonmioqenqcmjnmolim0nlroqrrrrlrr",
        "5mfrrprknlrrdgdkronrrrrrqqijrlommnqnppoprprrpoornqoknqrprrrrnprjr7gca5fdi7pcdcb7fmc99bdhrakrrprjrq",
        "4kcrrnpjpjqraiagnnpprrrrrrghrkojlppoppqrqqrropqpprqpoqmqrrrrhnrirahcj6iga8qfffh9bij86afgqenrrrrhrr",
        "5ldrrqrhllprdhdhrqqqprqrrrhkrlkkknrmprorknrrokorlrnlonqnrqqrpprhr8lgm6im47qpdhj7fq9bbbofnchrrqrhrq",
        "9oorrrrfrqqrhmjomrrrrrprprrorqnnrrrrqrrrrrrrrprrqrrkorrprrrrqrrqrabab8ealakj7a6h9p666mglfhlrrrrnrr",
        "erdrrrroqnrrklhdpfjqkrmlrrjrrprqokqropqrrqqnqrqnrpqppqqnqqprpmrkq7lmh2qml5mpmkm8orhhpipqkfkrqrrnrq",
        "7ljrrqrmrnrrehdmmrporrmrnrnkroqlnqnqlrlqrprqoopqllpoopqrrrqrpqrlr5mng5jl65rmfl97krcbkkpcplprrrrjrr",
        "7m9rqorjniroeebfcemonkhhcghkqkpmkefeffdjmmommmmgmokdmmiqnknlknrfr8m8e8fhd7qoeaif6kmi5egljforrqrirr",
        "2i9rrpqglior8eahrqqrqpmrrpdgqkjiklqolonqpoqrpmorkrpmlnqorrqrgorjqdgih9lmnconffc6aqg9dlphqkmrrqrgrq",
        "8p5rqrrlpnqqeifoqpppjoolpoknrnnrkoooomrrpmolnmmoqqroopmqrinqmprqr6eih4kgj8qkcik8kjljc7jfre9rrrrmrp",
        "hm0olrrkrrrrqrpqkiliijfnniprnmrrrhlbgmrrrirnnnorfgegngrnrrrokrohrlnjkloqoololqoporpmmnoprrrprgrgrr",
        "2qmqggq7gqqqmfgicachiddhcfkqqjqqmdpihiepkgijkhejpiffgdhdqqjghqqhqfikjghnhkhpjnkkgijikfjjhnqndqm9qq",
        "7rgmlprirfkr1nhloppqqqqqqqmgrrrkrqqqqqqrqqrqqqqqqrqqprrqrrrra9rmplmnomqponrqopnnprlonpqqrqromcrdrr",
        "apepkppoooopj5kdd6efgfmjmmlolojpplngmjnnnefhmimmmomlinonpooofhpnpea9hfccjffdhfghkogcajiloljkjo4fpp",
        "7rgjgqhnireircfghg5jillllljqik6rlceceebfebgiedceeld9ahidmgniprrfpdfefgficelkhghffnfecijfqjqphpq6qr",
        "8oecjpphkoo9j8ibd88feeffmmgjoooooencgbgffbhiidimdogdcnfeooojoopnjggdadefacoiehhhegdbdhlfolochdpefp",
        "7rprrrrqqmqrijiqnjopnnnonoomrrrrrgjjknljiennkjijknnignnfrirrrrrkrcedfdfeehmodeafgjb9aggilkorrrrorf",
    ];

    // After the rows: static fields are set in the order of the text.
    private static readonly uint[] Shares = MakeShares();

    /// <summary>
    /// The share of each byte in 2^24, never 0, after <paramref name="previous"/>, or -1 at the start.
    /// </summary>
    internal static ReadOnlySpan<uint> After(int previous) => Shares.AsSpan(Row(previous) * 256, 256);

    private static int Row(int previous) => previous switch
    {
        < 0 => 0,
        >= 0x20 and < 0x7F => previous - 0x1F,
        '\n' => 96,
        < 0x80 => 97,
        _ => 98,
    };

    private static int Column(int next) => next switch
    {
        >= 0x20 and < 0x7F => next - 0x20,
        '\n' => 95,
        < 0x80 => 96,
        _ => 97,
    };

    private static uint[] MakeShares() // spec 7.4-1
    {
        uint[] shares = new uint[Rows.Length * 256];
        uint[] size = new uint[256];
        for (int row = 0; row < Rows.Length; row++)
        {
            ulong sum = 0;
            for (int next = 0; next < 256; next++)
            {
                char cell = Rows[row][Column(next)];
                int halfBits = cell <= '9' ? cell - '0' : cell - 'a' + 10;
                size[next] = (uint)((halfBits & 1) == 0 ? 1 << 20 : OddHalfBit) >> (halfBits >> 1);
                sum += size[next];
            }

            for (int next = 0; next < 256; next++)
            {
                shares[(row * 256) + next] = (uint)(((ulong)size[next] << 24) / sum);
            }
        }

        return shares;
    }
}
