/*
 * The passwords that most accounts of published breaches had: what "found in data breaches" means on a server that asks
 * nobody outside.
 */

export const BREACHED_PASSWORDS: ReadonlySet<string> = new Set(
  `
  123456 password 123456789 12345678 12345 1234567 1234567890 qwerty abc123 111111 123123 1234 iloveyou 000000
  password1 qwerty123 1q2w3e4r 123321 666666 654321 7777777 987654321 qwertyuiop 123qwe 1qaz2wsx zxcvbnm monkey
  dragon letmein football baseball welcome login admin princess sunshine master shadow superman batman trustno1
  michael jennifer jordan hunter harley ranger thomas robert daniel andrew joshua soccer hockey killer george
  charlie maggie pepper jessica ashley nicole amanda matthew cheese computer corvette mercedes freedom whatever
  starwars ginger hannah summer winter spring autumn tigger internet biteme access thunder cowboy silver orange
  merlin michelle morgan jackson taylor austin yankees dallas phoenix banana cookie chelsea arsenal liverpool
  barcelona juventus samsung google facebook myspace1 passw0rd p@ssw0rd p@ssword Password Password1 Password123
  password12 password123 password1234 password! letmein1 welcome1 welcome123 admin123 administrator root toor
  test test123 test1234 testing guest changeme secret secret123 default qwerty1 qwerty12 qwerty1234 qwertyui
  qwer1234 asdfghjkl asdfgh asdf1234 asdfasdf zaq12wsx zaq1zaq1 1q2w3e 1q2w3e4r5t 1qazxsw2 q1w2e3r4 q1w2e3r4t5
  a123456 a1b2c3 a1b2c3d4 abcd1234 abc12345 abcdef abcdefg abcdefgh abcd123 aa123456 aaaaaa aaaaaaaa 11111111
  111111111 1111111111 00000000 0000000000 22222222 55555555 66666666 77777777 88888888 99999999 12341234
  12121212 123123123 11223344 112233 121212 131313 159753 147258369 147258 987654 0987654321 9876543210
  0123456789 123456a 123456q 123456abc 12345678a 123456789a 1234qwer 123abc 12345qwert 1234abcd 987654321a
  102030 10203040 iloveyou1 iloveyou2 iloveu loveme lovely loveyou sunshine1 princess1 football1 baseball1
  basketball superman1 batman123 dragon123 monkey123 monkey1 michael1 jordan23 charlie1 shadow1 master1
  killer123 nothing nirvana pokemon naruto minecraft fortnite slipknot metallica blink182 eminem tinkerbell
  butterfly chocolate flower flowers purple rainbow diamond angel angel1 babygirl babygirl1 bubbles buster
  snoopy snickers cupcake peanut patrick william anthony elizabeth victoria alexander samantha benjamin brandon
  christian jasmine mustang porsche ferrari yamaha honda toyota september october november december january
  february monday friday qazwsx qazwsxedc qweasd qweasdzxc asdqwe123 zxcvbnm123 zxcvbn q2w3e4r5 trustno1!
  letmein! hello hello123 hello1 helloworld hallo123 passwort passwort1 schatz ficken motdepasse azerty
  azerty123 azertyuiop contraseña senha123 mudar123 parola lol123 lollipop computer1 internet1 samsung1
  google123 facebook1 linkedin myspace adobe123 photoshop
  `
    .trim()
    .split(/\s+/),
)
